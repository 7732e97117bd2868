/** A DNS that says what a test tells it to, and the certificate authority that asks it, from the test bed. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = resolve(import.meta.dirname, "../../target/debug/examples/authority");

type Announcement = {
  /** Where DNS is asked, by UDP. */
  dns: string;
  /** The ACME directory. */
  directory: string;
  /** Whom to trust to believe the directory and what it issues, PEM. */
  trusted: string;
};

/** A certificate and its key, PEM. */
export type Certified = { certificate: string; key: string };

export class Authority {
  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly lines: AsyncIterator<string>,
    readonly announcement: Announcement,
  ) {}

  /** It looks for hosts at this port. */
  static async start(port: number): Promise<Authority> {
    const child = spawn(PROGRAM, [String(port)]);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { value } = await lines.next();
    if (value === undefined) throw new Error("the authority of the test bed did not start");
    return new Authority(child, lines, JSON.parse(value));
  }

  /** Publishes a record. */
  async publish(name: string, kind: string, value: string): Promise<void> {
    this.child.stdin.write(`${name} ${kind} ${value}\n`);
    await this.lines.next();
  }

  /** A certificate of these days, for a proxy; whoever is to believe it has to be told to trust it. */
  async certificate(name: string, from: Date, until: Date): Promise<Certified> {
    const seconds = [from, until].map((at) => Math.floor(at.getTime() / 1000));
    this.child.stdin.write(`${name} CERTIFICATE ${seconds.join(" ")}\n`);
    return JSON.parse((await this.lines.next()).value);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.stdin.end();
    await ended;
  }
}
