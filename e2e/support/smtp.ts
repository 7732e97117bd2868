import { connect } from "node:net";
import { createInterface } from "node:readline";

/** Hands a message to the SMTP server at this port, which has to take it. */
export async function handIn(port: number, from: string, to: string, message: string): Promise<void> {
  const line = connect(port, "127.0.0.1");
  const answers = createInterface(line)[Symbol.asyncIterator]();
  const heard = async (code: string): Promise<void> => {
    for (let next = await answers.next(); !next.done; next = await answers.next()) {
      if (next.value.startsWith(`${code} `)) return;
      if (!next.value.startsWith(`${code}-`)) throw new Error(`the server said ${next.value}`);
    }
    throw new Error("the server hung up");
  };
  await heard("220");
  for (const [command, code] of [
    ["EHLO sender.example", "250"],
    [`MAIL FROM:<${from}>`, "250"],
    [`RCPT TO:<${to}>`, "250"],
    ["DATA", "354"],
    [`${message.replace(/\r?\n/g, "\r\n")}\r\n.`, "250"],
    ["QUIT", "221"],
  ] as const) {
    line.write(`${command}\r\n`);
    await heard(code);
  }
  line.end();
}
