/** A real Dovecot with one user, started by the test bed's example program. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

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

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.stdin.end();
    await ended;
  }
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
