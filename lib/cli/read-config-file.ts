/** What a module prints while it is read is no part of the command's output: it goes to stderr. */
export async function aside<Result>(read: () => Promise<Result>): Promise<Result> {
  const { write } = process.stdout;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof write;
  try {
    return await read();
  } finally {
    process.stdout.write = write;
  }
}
