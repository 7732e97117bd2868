import type { DraftContent } from "../content";
import { shelfPrefix } from "./prefix";

/** Words that the server has not confirmed, and the version they were written on; null for a draft it never had. */
export type Shelved = { content: DraftContent; version: number | null };

type Base = { id: string; version: number } | null;

const fresh = "new-";

/** Where unsaved words wait in this browser, for this user: they survive a closed window, a crash and a lost network. */
export class Shelf {
  private readonly own: string;
  private readonly storage: Storage;

  constructor(userId: string, storage: Storage = localStorage) {
    this.own = shelfPrefix(userId);
    this.storage = storage;
  }

  /** The place of one draft. Until it has an id it is told apart by `begunAt`. */
  place(begunAt: number) {
    const key = (base: Base) => this.own + (base?.id ?? `${fresh}${begunAt}`);
    return {
      put: (base: Base, content: DraftContent): void => {
        const entry: Shelved = { content, version: base?.version ?? null };
        try {
          this.storage.setItem(key(base), JSON.stringify(entry));
        } catch {
          // A full or forbidden storage must not stop the writing: the server's copy follows within a second.
        }
      },
      drop: (base: Base): void => this.storage.removeItem(key(base)),
    };
  }

  get(id: string): Shelved | null {
    try {
      return JSON.parse(this.storage.getItem(this.own + id) ?? "null") as Shelved | null;
    } catch {
      return null;
    }
  }

  drop(id: string): void {
    this.storage.removeItem(this.own + id);
  }

  /** Everything that waits, under the email's id or the name of a draft that has none. */
  waiting(): { id: string; isNew: boolean }[] {
    return Object.keys(this.storage)
      .filter((key) => key.startsWith(this.own))
      .map((key) => key.slice(this.own.length))
      .map((id) => ({ id, isNew: id.startsWith(fresh) }));
  }
}
