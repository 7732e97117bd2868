import { commands } from "./en/commands";
import { compose } from "./en/compose";
import { emails } from "./en/emails";
import { members } from "./en/members";
import { problems } from "./en/problems";
import { settings } from "./en/settings";
import { shell } from "./en/shell";
import { signin } from "./en/signin";
import { states } from "./en/states";
import { times } from "./en/times";

/** The English catalogue, one file a feature. Every word the interface shows stands in here. */
export const en = {
  commands,
  compose,
  emails,
  members,
  problems,
  settings,
  shell,
  signin,
  states,
  times,
} as const;
