import { deflateRawSync } from 'node:zlib';
import { tableCrc32 } from '#lib/util/crc32.js';

/** A file to be put into an archive. */
export interface Packed {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Of tar: `0` a file, `1` a hard link, `2` a symbolic one, `3` a device, `5` a folder, `6` a pipe, `L` the long name of what follows. */
  readonly type?: string;
  /** What the header claims. */
  readonly size?: number;
}

/** A tar archive in the form of POSIX (ustar). */
export function tarOf(files: readonly Packed[]): Buffer {
  const blocks = files.flatMap(({ path, bytes, type = '0', size = bytes.length }) => {
    const header = Buffer.alloc(512);
    header.write(path, 0, 100);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write(type, 156);
    if (type === '1' || type === '2') header.write('/etc/passwd', 157);
    header.write('ustar\x0000', 257);
    sealTar(header);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** Puts the checksum of a tar's header in its place. */
export function sealTar(header: Buffer): void {
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
}

/** A zip file, its entries deflated or stored. */
export function zipOf(files: readonly Packed[], deflated = true): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { path, bytes, size = bytes.length } of files) {
    const body = deflated ? deflateRawSync(bytes) : Buffer.from(bytes);
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(deflated ? 8 : 0, 4);
    common.writeUInt32LE(tableCrc32(bytes), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from('PK\x03\x04'), common, name, body);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), common, tail, name);
    at += 30 + name.length + body.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end]);
}
