/** A workspace that is ready to send, made through the API, for journeys that begin after that. */

import { type APIRequestContext, expect } from "@playwright/test";
import { Api } from "./api.ts";
import type { Quarterdeck } from "./quarterdeck.ts";

export const ADMIN = {
  name: "Ada Marlow",
  email: "accept.ada@deck.example",
  password: "a lantern on the quarterdeck",
};

export class Workspace {
  private constructor(
    readonly deck: Quarterdeck,
    readonly api: Api,
    private readonly identityId: string,
  ) {}

  static async create(deck: Quarterdeck, request: APIRequestContext): Promise<Workspace> {
    const api = new Api(deck.url, request);
    await api.post("/setup", {
      token: deck.token,
      ...ADMIN,
      workspace_name: "Marlow and Sons",
      time_zone: "Europe/Berlin",
    });
    await api.patch("/me", { undo_window_s: 0 });
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
    const link = new URL(await verificationLink(deck));
    await api.post("/identities/verify", { token: link.hash.replace("#token=", "") });
    return new Workspace(deck, api, identity.id);
  }

  /** A draft to a new person with this address. */
  async draft(to: string, subject: string): Promise<{ id: string; version: number }> {
    const person = await this.api.post("/people", { address: to });
    return this.api.post("/emails", {
      identity_id: this.identityId,
      person_id: person.id,
      subject,
      body_html: `<p>Ahoy. <a href="${this.deck.url}/healthz">The harbour</a></p>`,
    });
  }

  /** Sends an email, which leaves at once, and answers its id. */
  async send(to: string, subject: string): Promise<string> {
    const { id, version } = await this.draft(to, subject);
    await this.api.post(`/emails/${id}/sending`, {}, version);
    return id;
  }

  /** Sends an email and waits until it is in this status. */
  async sendUntil(status: string, to: string, subject: string): Promise<string> {
    const id = await this.send(to, subject);
    await expect.poll(async () => (await this.api.get(`/emails/${id}`)).status).toBe(status);
    return id;
  }
}

/** The link in the newest mail that asks to confirm an address. */
export async function verificationLink(deck: Quarterdeck): Promise<string> {
  let link: string | undefined;
  await expect
    .poll(async () => {
      link = (await deck.mail()).map(linkIn).findLast(Boolean);
      return link;
    })
    .toBeTruthy();
  return link ?? "";
}

/** Undoes quoted-printable as far as a link needs it. */
function linkIn(message: string): string | undefined {
  const text = message.replace(/=\r?\n/g, "").replace(/=3D/gi, "=");
  return text.match(/https?:\/\/[\w.:-]+\/verify-identity#token=[\w.~-]+/)?.[0];
}
