/** The real binary with an empty workspace and the simulator, in a folder of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
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
    private readonly children: ChildProcess[],
    private readonly folder: string,
    private readonly announcement: Announcement,
  ) {}

  static async start(): Promise<Quarterdeck> {
    const folder = await mkdtemp(join(tmpdir(), "qd-e2e-"));
    try {
      const demo = begin("demo", "--empty", ...place(folder, "demo"), "--keep-mail", join(folder, "mail"));
      return new Quarterdeck([demo], folder, await announced(demo));
    } catch (error) {
      await rm(folder, { recursive: true });
      throw error;
    }
  }

  /** `quarterdeck serve` with these flags, which mails to the simulator of a demo beside it. */
  static async serve(...flags: string[]): Promise<Quarterdeck> {
    const beside = await Quarterdeck.start();
    const served = begin("serve", ...place(beside.folder, "served"), "--allow-private-hosts", ...flags);
    beside.children.unshift(served);
    try {
      const { setup, said } = await announced(served, beside.smtpPort);
      return new Quarterdeck(beside.children, beside.folder, { setup, said, smtpPort: beside.smtpPort });
    } catch (error) {
      await beside.stop().catch(() => {});
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

  /** Everything the server printed so far. */
  said(): string {
    return this.announcement.said();
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

  /** Backs up what is here, restores it into another folder, and serves that too. Gives its address. */
  async restore(): Promise<string> {
    const [here, there] = [join(this.folder, "demo"), join(this.folder, "restored")];
    const backup = join(this.folder, "deck.backup");
    await succeeded(begin("backup", backup, "--data-dir", here));
    await succeeded(begin("restore", backup, "--data-dir", there));
    await copyFile(join(here, "keys.json"), join(there, "keys.json"));
    const served = begin("serve", ...place(this.folder, "restored"), "--allow-private-hosts");
    this.children.unshift(served);
    return heard(served, (said) => said.match(/Quarterdeck is at (\S+)/)?.[1]);
  }

  /** Stops what runs, none of which must have stopped by itself. */
  async stop(): Promise<void> {
    const fates = [];
    for (const child of this.children) {
      const { exitCode, signalCode } = child;
      const fate = exitCode ?? signalCode;
      if (fate !== null) {
        fates.push(fate);
        continue;
      }
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    await rm(this.folder, { recursive: true });
    if (fates.length > 0) throw new Error(`quarterdeck ended with ${fates}:\n${this.said()}`);
  }
}

/** Where a server keeps its data and listens. */
function place(folder: string, name: string): string[] {
  return ["--data-dir", join(folder, name), "--listen", "127.0.0.1:0"];
}

function begin(...args: string[]): ChildProcess {
  const child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

interface Announcement {
  setup: URL;
  smtpPort: number;
  /** Everything printed so far. */
  said: () => string;
}

/** Reads what the binary prints until it has said where it is, and where its simulator is unless that is known. */
function announced(child: ChildProcess, known?: number): Promise<Announcement> {
  let all = "";
  return heard(child, (said) => {
    all = said;
    const setup = said.match(/https?:\/\/\S+\/setup#token=\S+/)?.[0];
    const smtp = known ?? said.match(/SMTP\D+127\.0\.0\.1:(\d+)/)?.[1];
    return setup && smtp ? { setup: new URL(setup), smtpPort: Number(smtp), said: () => all } : undefined;
  });
}

/** Reads what the binary prints until `find` finds something in it; it is shown the rest, too. */
function heard<Found>(child: ChildProcess, find: (said: string) => Found | undefined): Promise<Found> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const found = find(said);
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`quarterdeck ended with ${code}:\n${said}`)));
  });
}

/** Waits for the end of a command, which has to be a good one. */
async function succeeded(child: ChildProcess): Promise<void> {
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`quarterdeck ${child.spawnargs.slice(1).join(" ")} ended with ${code}`);
}
