import { closeSync, openSync, readSync } from 'node:fs';

/** Which of the binaries of a release can work here. */
export interface Platform {
  /** Node's word for the operating system, such as `'linux'`. */
  readonly os: string;
  /** Node's word for the architecture, such as `'x64'`. */
  readonly arch: string;
  /** The C library that Node itself is built for; `null` where a system has but one. */
  readonly libc: 'glibc' | 'musl' | null;
}

/** The platform of this process, not of the machine: an x64 Node on an arm64 machine loads x64 binaries. */
export function thisPlatform(): Platform {
  const os = process.platform;
  return { os, arch: process.arch, libc: os === 'linux' ? libcOf(process.execPath) : null };
}

/** A platform in words: `linux-x64 (glibc)`. */
export function describePlatform({ os, arch, libc }: Platform): string {
  return libc === null ? `${os}-${arch}` : `${os}-${arch} (${libc})`;
}

/** The C library of an executable, by the loader it names near its beginning; glibc when it cannot be read. */
export function libcOf(executable: string): 'glibc' | 'musl' {
  const head = Buffer.alloc(8192);
  try {
    const file = openSync(executable, 'r');
    try {
      readSync(file, head);
    } finally {
      closeSync(file);
    }
  } catch {
    return 'glibc';
  }
  return head.includes('/ld-musl-') ? 'musl' : 'glibc';
}
