/** Reports how far a step is: any short text, such as "412 of 1093 packages". */
export type Report = (howFar: string) => void;

const heartbeat = 10_000;

/**
 * Runs one long step and shows what it is, how far it is and how long it took: on a terminal in place, elsewhere as a
 * line at the start, every ten seconds while it lasts, and at the end.
 */
export async function step<T>(title: string, work: (report: Report) => Promise<T>): Promise<T> {
  const started = performance.now();
  const terminal = process.stderr.isTTY === true;
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  let howFar = "";
  const show = () => {
    const text = `  ... ${title}${howFar ? `: ${howFar}` : ""} (${seconds()})`;
    process.stderr.write(terminal ? `\r\x1b[2K${text}` : `${text}\n`);
  };
  const timer = setInterval(show, terminal ? 500 : heartbeat);
  const finish = (mark: string) => {
    clearInterval(timer);
    process.stderr.write(`${terminal ? "\r\x1b[2K" : ""}  ${mark} ${title} (${seconds()})\n`);
  };
  try {
    const result = await work((text) => (howFar = text));
    finish("ok ");
    return result;
  } catch (error) {
    finish("ERR");
    throw error;
  }
}
