/** A server that answers https by itself, the authority it orders certificates from, and the DNS that both ask. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type RequestOptions, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { APIRequestContext } from "@playwright/test";
import { Authority } from "./authority.ts";
import { freePort } from "./ports.ts";
import { Quarterdeck } from "./quarterdeck.ts";
import { Workspace } from "./workspace.ts";

export const HOST = "go.deck.example";

type Answer = { status: number; kind: string; body: string };

export class Secured {
  private constructor(
    readonly authority: Authority,
    readonly workspace: Workspace,
    private readonly folder: string,
    private readonly httpsPort: number,
    /** Where bounces and answers are handed in by SMTP. */
    readonly inboundPort: number,
  ) {}

  static async start(request: APIRequestContext): Promise<Secured> {
    const [https, inbound] = [await freePort(), await freePort()];
    const folder = await mkdtemp(join(tmpdir(), "qd-e2e-ca-"));
    const authority = await Authority.start(https);
    const { dns, directory, trusted } = authority.announcement;
    const ca = join(folder, "ca.pem");
    await writeFile(ca, trusted);
    const deck = await Quarterdeck.serve(
      ...["--https-listen", `127.0.0.1:${https}`, "--acme-directory", directory],
      ...["--dns-servers", dns, "--trusted-ca", ca, "--inbound", `127.0.0.1:${inbound}`],
    );
    return new Secured(authority, await Workspace.create(deck, request), folder, https, inbound);
  }

  /** The tracking host as it is entered. */
  get host(): string {
    return `${HOST}:${this.httpsPort}`;
  }

  get deck(): Quarterdeck {
    return this.workspace.deck;
  }

  /** Asks the tracking host, whose certificate has to be good. */
  async ask(path: string, post?: string): Promise<Answer> {
    const kind = { "Content-Type": "application/x-www-form-urlencoded" };
    const options: RequestOptions = {
      ...{ host: "127.0.0.1", port: this.httpsPort, servername: HOST, path },
      ca: this.authority.announcement.trusted,
      method: post === undefined ? "GET" : "POST",
      headers: { Host: this.host, ...(post === undefined ? {} : kind) },
    };
    return new Promise((resolve, reject) => {
      const asked = request(options, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          body += chunk;
        });
        const { statusCode = 0, headers } = response;
        response.on("end", () => resolve({ status: statusCode, kind: headers["content-type"] ?? "", body }));
      });
      asked.on("error", reject).end(post);
    });
  }

  async stop(): Promise<void> {
    await this.deck.stop();
    await this.authority.stop();
    await rm(this.folder, { recursive: true });
  }
}
