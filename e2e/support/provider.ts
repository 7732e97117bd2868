/** A provider that people consent at, and the Dovecot that takes its tokens, from the test bed. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = resolve(import.meta.dirname, "../../target/debug/examples/provider");

/** What an administrator enters about it. */
export type Registration = {
  client_id: string;
  client_secret: string;
  authorization_url: string;
  token_url: string;
  port: number;
};

export class Provider {
  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly lines: AsyncIterator<string>,
    readonly registration: Registration,
  ) {}

  static async start(): Promise<Provider> {
    const child = spawn(PROGRAM);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { value } = await lines.next();
    return new Provider(child, lines, JSON.parse(value));
  }

  /** Withdraws the consent. */
  async withdraw(): Promise<void> {
    this.child.stdin.write("\n");
    await this.lines.next();
  }

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.stdin.end();
    await ended;
  }
}
