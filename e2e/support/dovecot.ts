/** A real Dovecot with one user, started by the test bed's example program. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = resolve(import.meta.dirname, "../../target/debug/examples/dovecot");

export const MAILBOX = { username: "elena", password: "open sesame 7" };

export class Dovecot {
  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    /** Where it listens on 127.0.0.1, in clear text. */
    readonly port: number,
  ) {}

  static async start(): Promise<Dovecot> {
    const child = spawn(PROGRAM);
    const said = await sentence(child, /IMAP at 127\.0\.0\.1:(\d+)/);
    return new Dovecot(child, Number(said[1]));
  }

  /** Puts a file into the Sent folder, as a provider does. */
  async keepInSent(path: string): Promise<void> {
    const delivered = sentence(this.child, /delivered/);
    this.child.stdin.write(`${path}\n`);
    await delivered;
  }

  /** A message arrives in the inbox, as from a server that delivers it. */
  async receive(message: string): Promise<void> {
    const raw = message.replace(/\r?\n/g, "\r\n");
    const line = connect(this.port, "127.0.0.1");
    const said = answers(line);
    await said("* OK");
    line.write(`a LOGIN ${MAILBOX.username} "${MAILBOX.password}"\r\n`);
    await said("a OK");
    line.write(`b APPEND INBOX {${Buffer.byteLength(raw)}}\r\n`);
    await said("+ ");
    line.write(`${raw}\r\n`);
    await said("b OK");
    line.end("c LOGOUT\r\n");
  }

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.stdin.end();
    await ended;
  }
}

/** Waits for the next line of an IMAP server that begins so. */
function answers(line: Socket): (beginning: string) => Promise<void> {
  const lines = createInterface(line)[Symbol.asyncIterator]();
  return async (beginning) => {
    for (let next = await lines.next(); !next.done; next = await lines.next())
      if (next.value.startsWith(beginning)) return;
    throw new Error(`the Dovecot of the test bed never said ${beginning}`);
  };
}

/** What the program says next that looks like this. */
function sentence(child: ChildProcessWithoutNullStreams, wanted: RegExp): Promise<RegExpMatchArray> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = said.match(wanted);
      if (found === null) return;
      child.stdout.off("data", listen);
      resolve(found);
    };
    child.stdout.on("data", listen);
    child.once("exit", (code) =>
      reject(new Error(`the Dovecot of the test bed ended with ${code}: ${said}`)),
    );
  });
}
