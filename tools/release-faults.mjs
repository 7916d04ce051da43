/**
 * What speaks against releasing a version, a line each: the tag, package.json, its lock file and the changelog must agree.
 *
 * @param tag such as `v1.2.3`
 * @param described package.json
 * @param lock package-lock.json
 * @param changelog text of CHANGELOG.md
 */
export function releaseFaults(tag, described, lock, changelog) {
  const { version, repository } = described;
  const headings = [...changelog.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  const newest = headings.find((heading) => heading !== 'Unreleased');
  const body = changelog.split(/^## /m).find((part) => part.startsWith(`${version} - `)) ?? '';
  const faults = [];
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) faults.push(`package.json: expected a version, received ${version}`);
  if (tag !== `v${version}`) faults.push(`tag: expected v${version}, the version of package.json, received ${tag}`);
  if (lock.version !== version) faults.push(`package-lock.json: expected version ${version}, received ${lock.version}`);
  if (!new RegExp(`^${escaped(version)} - \\d{4}-\\d\\d-\\d\\d$`).test(newest ?? '')) {
    faults.push(
      `CHANGELOG.md: expected "## ${version} - YYYY-MM-DD" to be the newest version, received ${newest ?? 'none'}`,
    );
  } else if (!/^- /m.test(body)) faults.push(`CHANGELOG.md: expected entries below ${newest}, received none`);
  // Provenance is refused where it differs from the repository that the workflow runs in.
  if (!repository) faults.push('package.json: expected repository, which provenance needs, received none');
  return faults;
}

function escaped(text) {
  return text.replace(/[.+]/g, '\\$&');
}
