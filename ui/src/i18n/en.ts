import { commands } from "./en/commands";
import { compose } from "./en/compose";
import { conversation } from "./en/conversation";
import { emails } from "./en/emails";
import { feed } from "./en/feed";
import { members } from "./en/members";
import { problems } from "./en/problems";
import { settings } from "./en/settings";
import { shell } from "./en/shell";
import { signin } from "./en/signin";
import { states } from "./en/states";
import { stops } from "./en/stops";
import { times } from "./en/times";

/** The English catalogue, one file a feature. Every word the interface shows stands in here. */
export const en = {
  commands,
  compose,
  conversation,
  emails,
  feed,
  members,
  problems,
  settings,
  shell,
  signin,
  states,
  stops,
  times,
} as const;
