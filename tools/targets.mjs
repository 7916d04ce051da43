// The platforms that binaries are built for, and where each is built.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exists, fail, root } from './run.mjs';

/** Builds for another platform than this one, by the name of their folder in prebuilds/. */
const CROSS = {
  'linux-arm64': {
    arch: 'arm64',
    toolchain: 'cmake/linux-arm64.cmake',
    compiler: 'aarch64-linux-gnu-g++',
    strip: 'aarch64-linux-gnu-strip',
    from: 'Debian: apt-get install g++-aarch64-linux-gnu',
  },
};

/** The platform of this Node, as the folder of its binary is called. */
export const here = `${process.platform}-${process.arch}`;

/** The C library that names a Linux binary; `undefined` elsewhere. */
export const libc = process.platform !== 'linux' ? undefined : existsSync('/etc/alpine-release') ? 'musl' : 'glibc';

/** Every platform that can be built for on this one. */
export function buildableHere() {
  return here === 'linux-x64' && libc === 'glibc' ? [here, ...Object.keys(CROSS)] : [here];
}

/**
 * How to build for an architecture: `folder` holds build/, `options` go to cmake-js.
 * Ends the tool when there is no way from here, or no compiler.
 */
export function targetFor(arch) {
  if (arch === process.arch) return { platform: here, arch, folder: root, options: ['--arch', arch], strip: 'strip' };
  const platform = `${process.platform}-${arch}`;
  const cross = buildableHere().includes(platform) ? CROSS[platform] : undefined;
  if (!cross) fail(`${platform} cannot be built for on ${here}; build there.`);
  if (!exists(cross.compiler)) fail(`${platform}: ${cross.compiler} was not found (${cross.from}).`);
  const folder = join(root, 'cross', platform);
  const toolchain = `--CDCMAKE_TOOLCHAIN_FILE=${join(root, cross.toolchain)}`;
  return {
    platform,
    arch,
    folder,
    options: ['-O', join(folder, 'build'), '--arch', arch, toolchain],
    strip: cross.strip,
  };
}
