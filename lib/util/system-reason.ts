/** What the codes of Node's errors say of a path. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'which does not exist',
  ENOTDIR: 'which leads through a file',
  EISDIR: 'which is a folder',
  EEXIST: 'which is a file',
  EACCES: 'for which there is no permission',
  EPERM: 'for which there is no permission',
  EROFS: 'which is on a read-only file system',
  ENOSPC: 'for which there is no space left',
  ELOOP: 'which is a circle of links',
  ENAMETOOLONG: 'which is too long for a name',
};

/** Why a path cannot be used, for "received ..." in a message: `nowhere, which does not exist`. */
export function systemReason(path: string, error: unknown, aim: 'read' | 'write' = 'read'): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && aim === 'write') return `${path}, whose folder does not exist`;
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  if (reason !== undefined) return `${path}, ${reason}`;
  const message = error instanceof Error ? error.message : String(error);
  return message.includes(path) ? message : `${path}, ${message}`;
}
