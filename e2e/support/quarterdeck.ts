/** The real binary with an empty workspace and the simulator beside it, in a folder of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const BINARY = resolve(import.meta.dirname, "../../target/debug/quarterdeck");

// A journey that is cut off leaves no server behind.
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class Quarterdeck {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly announcement: Announcement,
  ) {}

  static async start(): Promise<Quarterdeck> {
    const folder = await mkdtemp(join(tmpdir(), "qd-e2e-"));
    const child = spawn(
      BINARY,
      [
        "demo",
        "--empty",
        "--data-dir",
        join(folder, "data"),
        "--listen",
        "127.0.0.1:0",
        "--keep-mail",
        join(folder, "mail"),
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    running.add(child);
    child.once("exit", () => running.delete(child));
    try {
      return new Quarterdeck(child, folder, await announced(child));
    } catch (error) {
      await rm(folder, { recursive: true });
      throw error;
    }
  }

  /** Where the interface and the API are, without a slash at the end. */
  get url(): string {
    return this.announcement.setup.origin;
  }

  /** The link that the terminal prints for the first administrator. */
  get setupLink(): string {
    return this.announcement.setup.href;
  }

  /** The one-time token in that link. */
  get token(): string {
    return this.announcement.setup.hash.replace("#token=", "");
  }

  /** The port of the simulator's SMTP server. */
  get smtpPort(): number {
    return this.announcement.smtpPort;
  }

  /** Every message the simulator's recipients received, oldest first, as it came over the wire. */
  async mail(): Promise<string[]> {
    return Promise.all((await this.mailFiles()).map((path) => readFile(path, "utf8")));
  }

  /** The file of the message with these words in it. */
  async mailFile(words: string): Promise<string> {
    for (const path of await this.mailFiles()) {
      if ((await readFile(path, "utf8")).includes(words)) return path;
    }
    throw new Error(`no message with "${words}" was received`);
  }

  private async mailFiles(): Promise<string[]> {
    const folder = join(this.folder, "mail");
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".eml")).sort();
    return names.map((name) => join(folder, name));
  }

  /** Stops the server, which must not have stopped by itself. */
  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.child;
    if (exitCode === null && signalCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill("SIGTERM");
      await ended;
    }
    await rm(this.folder, { recursive: true });
    if (exitCode !== null || signalCode !== null) {
      throw new Error(`quarterdeck ended with ${exitCode ?? signalCode}:\n${this.announcement.said()}`);
    }
  }
}

interface Announcement {
  setup: URL;
  smtpPort: number;
  /** Everything printed so far. */
  said: () => string;
}

/** Reads what the binary prints until it has said where it is. */
function announced(child: ChildProcess): Promise<Announcement> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const setup = said.match(/https?:\/\/\S+\/setup#token=\S+/)?.[0];
      const smtp = said.match(/SMTP\D+127\.0\.0\.1:(\d+)/)?.[1];
      if (setup && smtp) {
        resolve({ setup: new URL(setup), smtpPort: Number(smtp), said: () => said });
      }
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`quarterdeck ended with ${code}:\n${said}`)));
  });
}
