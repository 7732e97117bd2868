// Development fixture only.
import type { Plugin } from "vite";
import { randomUUID } from "node:crypto";

const people = [
  ["Marta Silva", "Brisamar Foods", "marta.silva@brisamar.example", "Europe/Lisbon"],
  ["Kim Ji-woo", "Hanbit Biologics", "jiwoo@hanbit.example", "Asia/Seoul"],
  ["Rafael Monteiro", "Verdemar Alimentos", "rafael@verdemar.example", "America/Sao_Paulo"],
  ["Aoife Brennan", "Corrib Dairy", "aoife@corrib.example", "Europe/Dublin"],
  ["田中 陽翔", "Kitano Pharma · 北野製薬", "tanaka@kitano.example", "Asia/Tokyo"],
  ["Priya Raghunathan", "Malabar Cold Chain", "priya@malabar.example", "Asia/Kolkata"],
  ["Nguyễn Thu Hà", "Sông Xanh Seafood", "ha@songxanh.example", "Asia/Ho_Chi_Minh"],
  ["Luca Ferrante", "Alpe Latte Cooperativa del Cuneese", "luca@alpelatte.example", "Europe/Rome"],
  ["Sofía Hernández", "Rancho Claro", "sofia@ranchoclaro.example", "America/Mexico_City"],
  ["Park Seo-yeon", "Daon Fresh", "seoyeon@daon.example", "Asia/Seoul"],
  ["Ingrid Haugen", "Nordfisk", "ingrid@nordfisk.example", "Europe/Oslo"],
  ["Beatriz Carvalho", "Rede Farma Sul", "beatriz@farmasul.example", "America/Sao_Paulo"],
  ["Mehmet Yıldız", "Anadolu Ecza", "mehmet@anadolu.example", "Europe/Istanbul"],
  ["Chen Wei-Ting", "Formosa Vaccines", "weiting@formosa.example", "Asia/Taipei"],
  ["Olumide Adeyemi", "Lagoon Medical Supply", "olumide@lagoon.example", "Africa/Lagos"],
];
const subjects = [
  ["Cold-chain pilot at the Setúbal hub", "Hi Marta, as promised: the plan for twelve loggers across the two cold rooms, with the door sensors"],
  ["Validation report for the 2–8 °C range", "Dear Ji-woo, the mapping study and the calibration certificates are attached, page 12 has the curve"],
  ["Pricing for 40 loggers, delivered to Santos", "Olá Rafael, here is the offer we discussed, with the three-year calibration split out as you wanted"],
  ["A 20-minute temperature audit before summer", "Hi Aoife, three of your neighbours in Galway found the same warm corner in their cold rooms last June"],
  ["温度ロガー導入の件（大阪物流センター）", "田中様　先日はお時間をいただきありがとうございました。お見積書をお送りいたします"],
  ["Two questions about your Kochi reefers", "Hi Priya, do the drivers see the alarm themselves, or does the depot call them?"],
  ["Alarm history from the Hải Phòng test, 3–9 April", "Chị Hà, the export has all 41 alarms; the six that matter are marked in the second sheet"],
  ["Following up on Tuesday’s call", "Ciao Luca, two things I owe you: the reference in Bra, and whether the probe fits your milk tanks"],
  ["Loggers that survive a wash-down", "Hola Sofía, a short note because you asked at the stand: yes, 80 °C and a pressure hose"],
];
const now = Date.now();
const ago = (m: number) => new Date(now - m * 60000).toISOString();
let emails: any[] = [];
const html = (n: string) => `<p>Hi ${n},</p><p>As promised: the plan for twelve loggers across the two cold rooms, with the door sensors you asked about. It is all in <a href="https://northlight.example/pricing">the pricing page</a> and pilot-plan.pdf.</p><p>Could someone from maintenance join for the first half hour? We need a ladder and a socket near cold room 2.</p><blockquote><p>On Monday you wrote: does it work at −30?</p></blockquote><p>See you there,<br>Elena</p><script>alert(1)</script>`;
function make(i: number, status: string, more: any = {}) {
  const p = people[i % people.length];
  const s = subjects[i % subjects.length];
  const minutes = [2, 6, 18, 41, 62, 75, 120, 130, 190, 250, 320, 1500, 1600, 1700, 1800][i] ?? 1800 + i * 61;
  return {
    id: randomUUID(), version: 1, status, uncertain: false,
    person: { id: `p${i % people.length}`, name: p[0], company: p[1], phone: i % 3 ? "+351 912 345 678" : null, linkedin_url: i % 2 ? "https://www.linkedin.com/in/x" : null, time_zone: p[3] },
    to_address: p[2], subject: s[0], snippet: s[1], attachment_count: i % 4 === 1 ? 1 : 0, tracked: true, success_at: i === 9 ? ago(3) : null,
    activity: { views: i % 5 === 3 ? 0 : (i * 7) % 6, views_automatic: i % 4 === 0 ? 2 : 0, views_self: i === 1 ? 1 : 0, clicks: (i * 3) % 4 > 1 ? (i % 3) : 0, clicks_automatic: 0, replies: 0 },
    unseen: i < 2, last_activity_at: ago(minutes), created_at: ago(minutes + 1500), updated_at: ago(minutes), sent_at: ago(minutes + 1300), failed_at: null, due_at: null,
    wait: null, failure: null, identity: { id: "i1", name: "Elena Marchetti", address: "elena@northlight.example" }, channel: { id: "c1", name: "Workspace SMTP" }, follow_up_of: null, ...more,
  };
}
for (let i = 0; i < 340; i++) emails.push(make(i, "delivered"));
for (let i = 0; i < 40; i++) emails.push(make(i + 3, "archived", { unseen: false }));
const waits: any[] = [
  ["undo_window", 9 / 60], ["limit_per_minute", 0.7], ["limit_per_minute", 0.7], ["batch_pause", 4], ["server_asked", 15, "451 4.7.1 Greylisted, try again later"], ["your_time", 90], ["your_time", 180], ["your_time", 1200], ["your_time", 1400], ["unreachable", 22, null], ["channel_paused", null, "535 5.7.8 bad credentials"], ["limit_per_day", 700], ["clock_jumped", null],
];
waits.forEach(([reason, m, text], i) => emails.push(make(i, "scheduled", { sent_at: null, unseen: false, last_activity_at: null, updated_at: ago(0), due_at: m === null ? null : ago(-m), wait: { reason, until: m === null ? null : ago(-m), server_text: text ?? null, attempt: 2 } })));
for (let i = 0; i < 6; i++) emails.push(make(i, "draft", { sent_at: null, unseen: false, last_activity_at: null, ...(i === 2 ? { subject: "", person: null, to_address: null, snippet: "" } : {}) }));
emails.push(make(4, "in_progress", { sent_at: null, unseen: false, uncertain: true, last_activity_at: null }));
emails.push(make(5, "in_progress", { sent_at: null, unseen: false, last_activity_at: null }));
const fails: any[] = [["no_such_mailbox", "bounced", "550 5.1.1", "550 5.1.1 <kovacs.daniel@dunafagyaszto.example>: Recipient address rejected: User unknown", false], ["sender_refused", "failed", "553 5.7.1", "553 5.7.1 Sender address rejected: not owned by user elena", true], ["unresolved_field", "failed", null, null, false], ["mailbox_full", "bounced", "552 5.2.2", "552 5.2.2 Mailbox full", true], ["refused_as_spam", "bounced", "554 5.7.1", "554 5.7.1 Message rejected as spam by content filtering", true], ["identity_unverified", "failed", null, null, false], ["gave_up", "failed", "451 4.3.0", "451 4.3.0 Try later", false], ["bad_address", "failed", null, null, false]];
fails.forEach(([reason, status, code, text, help], i) => emails.push(make(i, status, { unseen: false, sent_at: status === "bounced" ? ago(30) : null, failed_at: ago([12, 25, 62, 130, 1500, 1600, 3000, 4300][i]!), failure: { reason, code, server_text: text, param: "contract_end", retry_may_help: help } })));
emails.push(make(8, "spam", { unseen: false, failed_at: ago(4400) }));

const folders: Record<string, string[]> = { undelivered: ["failed", "bounced", "spam"] };
const key: Record<string, string> = { activity: "last_activity_at", sent: "sent_at", created: "created_at", updated: "updated_at", due: "due_at", failed: "failed_at" };
const streams = new Set<any>();
const change = (topics: string[], ids: string[] = []) => { for (const r of streams) r.write(`event: change\ndata: ${JSON.stringify({ topics, email_ids: ids })}\n\n`); };
const actions = new Map<string, any[]>();
const session = () => ({ user: { id: "u1", name: "Elena Marchetti", email: "elena@northlight.example", time_zone: "Europe/Rome", language: "en", undo_window_s: 10 }, role: "admin", workspace: { id: "w1", name: "Northlight Sensors" }, view_as: viewAs, can_view_as: [{ id: "u2", name: "Luca Bianchi" }], warnings: process.env.MOCK_WARN ? ["tracking_url_loopback"] : [], max_encoded_bytes: 26214400 });
let viewAs: any = null;
const to: Record<string, string> = { archive: "archived", unarchive: "delivered", retry: "scheduled", delete: "deleted", edit: "draft" };

function events(e: any) {
  const ev = (kind: string, m: number, data: any = {}) => ({ id: randomUUID(), at: ago(m), kind, data });
  if (e.failure) return [ev(e.status, 12, { server: "mail.dunafagyaszto.example", stage: "rcpt_to", failure: e.failure.reason, reply: e.failure.server_text, transcript: e.failure.server_text ? [{ from: "us", text: "MAIL FROM:<elena@northlight.example>" }, { from: "server", text: "250 2.1.0 Ok" }, { from: "us", text: `RCPT TO:<${e.to_address}>` }, { from: "server", text: e.failure.server_text }] : undefined }), ev("attempted", 12, { channel: "Workspace SMTP" }), ev("queued", 13, { by: "Elena Marchetti" }), ev("created", 20, { by: "Elena Marchetti" })];
  return [
    ev("clicked", 2, { verdict: "human", url: "https://northlight.example/pricing", user_agent: "Mozilla/5.0 (Windows NT 10.0) Edg/120" , ip: "81.2.69.142" }),
    ev("viewed", 3, { verdict: "human", user_agent: "Mozilla/5.0 (Windows NT 10.0; Microsoft Outlook 16.0)", ip: "81.2.69.142" }),
    ev("viewed", 1300, { verdict: "machine", why: "apple_mail_privacy", ip: "17.58.101.14", user_agent: "Mozilla/5.0" }),
    ev("viewed", 1301, { verdict: "self", why: "signed_in" }),
    ev("accepted", 1302, { server: "mx1.brisamar.example", reply: "250 2.0.0 Ok: queued as 4F2C81A09E", transcript: [{ from: "us", text: "EHLO northlight.example" }, { from: "server", text: "250-mx1.brisamar.example" }, { from: "server", text: "250 PIPELINING" }] }),
    ev("deferred", 1305, { reply: "450 4.7.1 Greylisted", until: ago(1302), server: "mx1.brisamar.example" }),
    ev("queued", 1306, { by: "Elena Marchetti", channel: "Workspace SMTP" }),
    ev("created", 1500, { by: "Elena Marchetti" }),
  ];
}

export function mockApi(): Plugin {
  return {
    name: "mock-api",
    configureServer(server) {
      if (process.env.MOCK_LIVE) setInterval(() => {
        const list = emails.filter((e) => e.status === "delivered");
        const e = list[Math.floor(Math.random() * 40)]!;
        e.activity.views++; e.unseen = true; e.version++; e.last_activity_at = new Date().toISOString(); change(["emails"], [e.id]);
      }, Number(process.env.MOCK_LIVE));
      server.middlewares.use(async (req, res, next) => {
        const url = new URL(req.url ?? "/", "http://x");
        if (!url.pathname.startsWith("/api/v1")) return next();
        const path = url.pathname.slice(7);
        const chunks: Buffer[] = [];
        for await (const c of req) chunks.push(c as Buffer);
        let body: any = {};
        try { body = JSON.parse(Buffer.concat(chunks).toString() || "{}"); } catch {}
        const send = (data: any, status = 200) => { res.statusCode = status; res.setHeader("content-type", status >= 400 ? "application/problem+json" : "application/json"); res.end(status === 204 ? undefined : JSON.stringify(data)); };
        if (process.env.MOCK_DELAY) await new Promise((r) => setTimeout(r, Number(process.env.MOCK_DELAY)));
        const is = (m: string, p: RegExp) => (req.method === m ? p.exec(path) : null);
        let m;
        if (path === "/live") {
          res.setHeader("content-type", "text/event-stream"); res.write("event: hello\ndata: {}\n\n"); streams.add(res); req.on("close", () => streams.delete(res)); return;
        }
        if (path === "/session" && req.method === "GET") return send(session());
        if (path === "/session" && req.method === "POST") return send(session());
        if (path.startsWith("/session") && req.method === "DELETE" && !path.includes("view-as")) return send(null, 204);
        if (path === "/session/view-as") { viewAs = req.method === "PUT" ? { id: "u2", name: "Luca Bianchi" } : null; return send(session()); }
        if (path === "/setup") return send({ needed: false });
        if (path === "/channels") return send({ items: [{ id: "c1", version: 1, name: "Workspace SMTP", owner: null, host: "smtp.northlight.example", port: 587, security: "starttls", auth: "password", username: "x", has_secret: true, limits: { batch_size: null, batch_pause_s: null, per_minute: 30, per_day: 500 }, state: "active", paused: null, used_today: 214, waiting: 24, editable: true }] });
        if (path === "/identities") return send({ items: [{ id: "i1", version: 1, name: "Elena Marchetti", address: "elena@northlight.example", signature_html: "<p>Elena</p>", channel: { id: "c1", name: "Workspace SMTP" }, verified_at: ago(9999), verification: { sent_at: null, problem: null }, default: true }] });
        if (path === "/emails/counts") {
          const c: any = { draft: 0, scheduled: 0, in_progress: 0, uncertain: 0, delivered: 0, archived: 0, failed: 0, bounced: 0, spam: 0 };
          for (const e of emails) { if (e.status in c) c[e.status]++; if (e.uncertain) c.uncertain++; }
          return send(c);
        }
        if (path === "/emails" && req.method === "GET") {
          if (process.env.MOCK_FAIL) return send({ type: "/problems/internal", title: "Internal", status: 500 }, 500);
          const f = url.searchParams.get("folder")!; const k = key[url.searchParams.get("sort") ?? "activity"]!; const dir = url.searchParams.get("order") === "asc" ? 1 : -1;
          const all = emails.filter((e) => (folders[f] ?? [f]).includes(e.status)).sort((a, b) => dir * String(a[k] ?? "").localeCompare(String(b[k] ?? "")));
          const from = Number(url.searchParams.get("cursor") ?? 0), limit = Number(url.searchParams.get("limit") ?? 50);
          return send({ items: all.slice(from, from + limit), next_cursor: from + limit < all.length ? String(from + limit) : null });
        }
        if (path === "/emails" && req.method === "POST") { const e = make(1, "draft", { sent_at: null, last_activity_at: null, unseen: false, ...(body.follow_up_of ? { subject: "Re: x" } : { person: null, to_address: null, subject: "", snippet: "" }) }); emails.push(e); return send({ ...e, cc: [], bcc: [], body_html: "", attachments: [], checks: [], removed: [], recipients: [], events: [] }, 201); }
        if ((m = is("GET", /^\/emails\/([^/]+)$/))) { const e = emails.find((x) => x.id === m![1]); return e ? send({ ...e, cc: [], bcc: [], body_html: html(e.person?.name ?? ""), attachments: e.attachment_count ? [{ id: "a1", name: "pilot-plan.pdf", content_type: "application/pdf", size: 412000 }] : [], checks: [], removed: [], recipients: [{ kind: "to", name: "", address: e.to_address, outcome: "accepted", reply: null, at: null }, { kind: "cc", name: "", address: "ops@brisamar.example", outcome: "refused", reply: "550 no", at: null }], events: events(e) }) : send({ type: "/problems/not-found", title: "Not found", status: 404 }, 404); }
        if ((m = is("GET", /^\/emails\/([^/]+)\/message$/))) { const e = emails.find((x) => x.id === m![1])!; return send({ subject: e.subject, from: e.identity, to: { name: e.person?.name, address: e.to_address }, html: html(e.person?.name ?? ""), text: "", sent_at: e.sent_at }); }
        if ((m = is("POST", /^\/emails\/([^/]+)\/uncertain$/))) { const e = emails.find((x) => x.id === m![1])!; e.uncertain = false; e.status = body.outcome === "arrived" ? "delivered" : "scheduled"; e.version++; change(["emails", "counts"]); return send(e); }
        if (path === "/email-actions") {
          const before: any[] = []; const changed: string[] = []; const skipped: any[] = [];
          for (const id of body.email_ids) {
            const e = emails.find((x) => x.id === id);
            if (!e) { skipped.push({ id, reason: "not_found" }); continue; }
            if (e.uncertain && body.action !== "seen") { skipped.push({ id, reason: "uncertain" }); continue; }
            before.push({ ...e }); changed.push(id); e.version++;
            if (to[body.action]) e.status = to[body.action];
            if (body.action === "retry") { e.failure = null; e.failed_at = null; e.due_at = new Date(Date.now() + 10000).toISOString(); e.updated_at = new Date().toISOString(); e.wait = { reason: "undo_window", until: e.due_at, server_text: null, attempt: 0 }; }
            if (body.action === "success") e.success_at = new Date().toISOString();
            if (body.action === "withdraw_success") e.success_at = null;
            if (body.action === "seen") e.unseen = false;
            if (body.action === "reschedule") { e.due_at = body.at; e.wait = { reason: "your_time", until: body.at, server_text: null, attempt: 0 }; }
          }
          const id = randomUUID(); actions.set(id, before);
          setTimeout(() => change(["emails", "counts"], changed), 50);
          return send({ id, action: body.action, changed, skipped, undo_until: ["retry", "send_now"].includes(body.action) ? new Date(Date.now() + 10000).toISOString() : null });
        }
        if ((m = is("DELETE", /^\/email-actions\/([^/]+)$/))) { for (const b of actions.get(m[1]!) ?? []) Object.assign(emails.find((x) => x.id === b.id)!, b, { version: b.version + 2 }); change(["emails", "counts"]); return send({ restored: (actions.get(m[1]!) ?? []).map((b) => b.id), skipped: [] }); }
        if (path === "/mock/kill") { for (const r of streams) r.end(); streams.clear(); return send({}); }
        if (path === "/mock/touch") { const list = emails.filter((e) => e.status === "delivered"); for (const i of [20, 30, 35]) { const e = list[i]!; e.activity.views++; e.version++; e.unseen = true; e.last_activity_at = new Date().toISOString(); } change(["emails"]); return send({}); }
        return send({ type: "/problems/not-found", title: "Not found", status: 404 }, 404);
      });
    },
  };
}
