import { notifications } from "@mantine/notifications";

/** Something done a moment ago that can still be taken back; `emailId` is the one email that it sends. */
export type Offer = {
  id: string;
  until: number | null;
  undo: () => Promise<void>;
  emailId?: string | undefined;
};

const offers: Offer[] = [];
let made = 0;

export function offer(what: Omit<Offer, "id">): Offer {
  made += 1;
  const offered = { id: `undo-${made}`, ...what };
  offers.push(offered);
  return offered;
}

export function dropOffer(id: string): void {
  const at = offers.findIndex((offered) => offered.id === id);
  if (at >= 0) offers.splice(at, 1);
}

export async function takeBack(offered: Offer): Promise<void> {
  dropOffer(offered.id);
  notifications.hide(offered.id);
  await offered.undo();
}

/** Z: the latest thing that can still be taken back. */
export function undoLatest(): void {
  const latest = offers.at(-1);
  if (latest) void takeBack(latest);
}

/** Takes back what sends an email, if that is on offer here. */
export function undoSendOf(emailId: string): boolean {
  const sending = offers.findLast((offered) => offered.emailId === emailId);
  if (sending) void takeBack(sending);
  return sending !== undefined;
}
