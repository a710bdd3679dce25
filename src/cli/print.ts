export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Prints to stderr, for commands whose stdout is read by a script. */
export const printAside = (line: string): void => void process.stderr.write(`${line}\n`);

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));
