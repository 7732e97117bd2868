/** The operator's own proxy before a server: it speaks https, with the certificate that it was given. */

import { once } from "node:events";
import { request } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certified } from "./authority.ts";

export class OperatorsProxy {
  private constructor(private readonly server: Server) {}

  /** `url` is what it leads to. */
  static async start({ certificate, key }: Certified, url: string): Promise<OperatorsProxy> {
    const server = createServer({ cert: certificate, key }, (asked, answer) => {
      const { method, headers } = asked;
      const passed = request(new URL(asked.url ?? "/", url), { method, headers }, (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      });
      passed.on("error", () => answer.destroy());
      asked.pipe(passed);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new OperatorsProxy(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
