/** What the server holds of a draft. */
export type Saved<Content> = { id: string; version: number; content: Content };

/** How one attempt to save ended. `again`: the same words may be accepted later. */
export type Outcome<Server> =
  | { kind: "saved"; server: Server }
  | { kind: "conflict"; current: Server }
  | { kind: "failed"; again: boolean; problem: unknown };

/** Where the words stand. `theirs` is set in a conflict, `problem` when saving failed. */
export type DraftState<Content, Server> = {
  phase: "saved" | "unsaved" | "saving" | "failed" | "conflict";
  content: Content;
  server: Server | null;
  theirs: Server | null;
  problem: unknown;
};

type Parts<Content, Server> = {
  save: (content: Content, base: Server | null) => Promise<Outcome<Server>>;
  /** Keeps words in the browser until the server has them; null is the draft that has no id yet. */
  shelf: { put: (base: Server | null, content: Content) => void; drop: (base: Server | null) => void };
  /** Words that nobody would miss do not make a draft. */
  worthKeeping: (content: Content) => boolean;
  /** Whether two states of the server hold the same words, so that only the version differs. */
  same: (a: Server, b: Server) => boolean;
  start: Content;
  base: Server | null;
};

const DELAY_MS = 800;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 30_000;

/** Saves a draft as it is written: one request at a time, the latest words last, nothing dropped. */
export class Autosave<Content, Server extends Saved<Content>> {
  state: DraftState<Content, Server>;
  private readonly parts: Parts<Content, Server>;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private retryMs = FIRST_RETRY_MS;

  constructor(parts: Parts<Content, Server>) {
    this.parts = parts;
    this.state = { phase: "saved", content: parts.start, server: parts.base, theirs: null, problem: null };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes new words; they reach the server soon. In a conflict they wait for the decision. */
  change(content: Content): void {
    if (!this.state.server && !this.running && !this.parts.worthKeeping(content)) {
      clearTimeout(this.timer);
      this.parts.shelf.drop(null);
      this.set({ content, phase: "saved" });
      return;
    }
    this.parts.shelf.put(this.state.server, content);
    const phase = this.state.phase === "conflict" || this.running ? this.state.phase : "unsaved";
    this.set({ content, phase });
    if (phase !== "conflict") this.later(DELAY_MS);
  }

  /** Saves now, until nothing is left to save or something stands in the way. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    await this.running;
  }

  /** Saves now, and makes a draft even of nothing: a file is about to be put into it. */
  async keep(): Promise<void> {
    if (!this.state.server && !this.running) this.set({ phase: "unsaved" });
    await this.flush();
  }

  /** Puts the words on top of what the other tab saved. */
  async keepMine(): Promise<void> {
    this.set({ server: this.state.theirs, theirs: null, phase: "unsaved" });
    await this.flush();
  }

  /** Takes what the other tab saved; returns the words it replaced, for the undo. */
  takeTheirs(): Content {
    const { content, server, theirs } = this.state;
    if (theirs) {
      this.parts.shelf.drop(server);
      this.set({ server: theirs, content: theirs.content, theirs: null, phase: "saved" });
    }
    return content;
  }

  /** Says that the words kept in the browser were written on an older version than the server has. */
  meet(theirs: Server, mine: Content): void {
    this.set({ phase: "conflict", theirs, content: mine });
  }

  /** Takes a newer state of the server while nothing is unsaved; says whether its words are other words. */
  adopt(server: Server): boolean {
    const { phase, server: base } = this.state;
    if (this.running || phase !== "saved" || (base && server.version < base.version)) return false;
    const sameWords = base !== null && this.parts.same(server, base);
    this.set(sameWords ? { server } : { server, content: server.content });
    return !sameWords;
  }

  /** The email is no longer a draft, or is gone: the words go on as a new one. */
  async startAnew(): Promise<void> {
    this.parts.shelf.drop(this.state.server);
    this.set({ server: null, phase: "unsaved", problem: null });
    this.parts.shelf.put(null, this.state.content);
    await this.flush();
  }

  /** Forgets the timer; what is not saved stays in the browser. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    if (this.state.phase === "failed") this.set({ phase: "unsaved" });
    while (this.state.phase === "unsaved") {
      const { content, server: base } = this.state;
      this.set({ phase: "saving" });
      this.settle(await this.parts.save(content, base), content, base);
    }
  }

  private settle(outcome: Outcome<Server>, sent: Content, base: Server | null): void {
    if (outcome.kind === "saved") {
      this.retryMs = FIRST_RETRY_MS;
      const current = this.state.content === sent;
      this.parts.shelf.drop(base);
      if (!current) this.parts.shelf.put(outcome.server, this.state.content);
      this.set({ server: outcome.server, phase: current ? "saved" : "unsaved", problem: null });
    } else if (outcome.kind === "conflict") {
      const onlyVersion = base !== null && this.parts.same(outcome.current, base);
      this.set(
        onlyVersion
          ? { server: outcome.current, phase: "unsaved" }
          : { theirs: outcome.current, phase: "conflict" },
      );
    } else {
      this.fail(outcome, this.state.content === sent);
    }
  }

  private fail(outcome: { again: boolean; problem: unknown }, unchanged: boolean): void {
    if (!unchanged && !outcome.again) {
      this.set({ phase: "unsaved" });
      return;
    }
    this.set({ phase: "failed", problem: outcome.problem });
    if (outcome.again) {
      this.later(this.retryMs);
      this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
    }
  }

  private later(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), delay);
  }

  private set(change: Partial<DraftState<Content, Server>>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
