/** A workspace that is ready to send, made through the API, for journeys that begin after that. */

import type { APIRequestContext } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Quarterdeck } from "./quarterdeck.ts";

export const ADMIN = {
  name: "Ada Marlow",
  email: "accept.ada@deck.example",
  password: "correct horse battery",
};

export class Workspace {
  private constructor(
    readonly deck: Quarterdeck,
    private readonly request: APIRequestContext,
    readonly identityId: string,
  ) {}

  static async create(deck: Quarterdeck, request: APIRequestContext): Promise<Workspace> {
    const api = new Api(deck.url, request);
    await api.post("/setup", {
      token: deck.token,
      ...ADMIN,
      workspace_name: "Deck",
      time_zone: "Europe/Berlin",
    });
    const channel = await api.post("/channels", {
      name: "Simulator",
      team: false,
      host: "127.0.0.1",
      port: deck.smtpPort,
      security: "none",
      auth: "none",
      limits: { batch_size: null, batch_pause_s: null, per_minute: null, per_day: null },
    });
    const identity = await api.post("/identities", {
      name: ADMIN.name,
      address: ADMIN.email,
      channel_id: channel.id,
    });
    await api.post("/identities/verify", { token: await verificationToken(deck) });
    return new Workspace(deck, request, identity.id);
  }

  /** The API as the administrator. */
  get api(): Api {
    return new Api(this.deck.url, this.request);
  }

  /** Sends an email at once and answers its id. */
  async send(to: string, subject: string): Promise<string> {
    const email = await this.api.post("/emails", {
      identity_id: this.identityId,
      to_address: to,
      subject,
      body_html: `<p>Ahoy. <a href="${this.deck.url}/healthz">The harbour</a></p>`,
    });
    await this.api.post(`/emails/${email.id}/sending`, {}, email.version);
    await this.api.post("/email-actions", { action: "send_now", email_ids: [email.id] });
    return email.id;
  }
}

/** Calls the API with the session of the browser. */
class Api {
  constructor(
    private readonly origin: string,
    private readonly request: APIRequestContext,
  ) {}

  // biome-ignore lint/suspicious/noExplicitAny: each caller knows the answer it asked for
  async post(path: string, data: object, version?: number): Promise<any> {
    const headers: Record<string, string> = { Origin: this.origin };
    if (version !== undefined) {
      headers["If-Match"] = `"${version}"`;
    }
    const response = await this.request.post(`${this.origin}/api/v1${path}`, { data, headers });
    expect(response.ok(), `${path}: ${response.status()} ${await response.text()}`).toBe(true);
    return response.status() === 204 ? null : response.json();
  }
}

/** The token in the newest verification mail. */
export async function verificationToken(deck: Quarterdeck): Promise<string> {
  let token: string | undefined;
  await expect
    .poll(async () => {
      token = (await deck.mail()).map(linkToken).findLast(Boolean);
      return token;
    })
    .toBeTruthy();
  return token ?? "";
}

/** Undoes quoted-printable as far as a link needs it. */
function linkToken(message: string): string | undefined {
  const text = message.replace(/=\r?\n/g, "").replace(/=3D/gi, "=");
  return text.match(/\/verify-identity#token=([\w.~-]+)/)?.[1];
}
