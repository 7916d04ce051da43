const latin1 = (text: string) => Buffer.from(text, 'latin1');
const text8 = (text: string) => latin1(`\x8c${String.fromCharCode(text.length)}${text}`);

/** Every instruction there is, and names of what must not be run, in both spellings. */
export const pickleWords = [
  ...[...'(.012FIJKLMNPQRSTUVX]abcdeghijlopqrstu}BCG'].map(latin1),
  ...Array.from({ length: 0x99 - 0x80 }, (_, i) => Buffer.of(0x80 + i)),
  ...['os\nsystem', 'posix\nsystem', 'nt\nsystem', '__builtin__\neval', 'builtins\nexec', 'subprocess\nPopen'].flatMap(
    (name) => [
      latin1(`c${name}\n`),
      latin1(`c${name}\n(X\x04\x00\x00\x00true\x85R`),
      latin1(`(S'true'\ni${name}\n`),
      Buffer.concat([...name.split('\n').map(text8), Buffer.of(0x93)]),
    ],
  ),
  ...['numpy.core.multiarray\n_reconstruct', 'numpy\nndarray', 'numpy\ndtype', '_codecs\nencode'].map((name) =>
    latin1(`c${name}\n`),
  ),
];
