import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../../api/problem";
import type { Person } from "../../api/types";
import { sayFields, sayProblem } from "../../api/words";
import { type Mailbox, splitName } from "../addresses";
import { createPerson, readPerson } from "../api";
import type { Recipient } from "../content";
import type { Draft } from "../draft/useDraft";
import { Note } from "./Note";

/** Who the email is for: somebody known, or a new person made from an address that was typed. */
export function useRecipient({ change, autosave }: Draft) {
  const { t } = useTranslation();
  const [refused, setRefused] = useState<string | null>(null);

  const choose = (to: Recipient | null): void => {
    setRefused(null);
    change({ to });
  };
  const write = async ({ name, address }: Mailbox): Promise<void> => {
    choose({ id: null, name, company: null, time_zone: null, address });
    const stillThere = () => autosave.state.content.to?.address === address;
    try {
      const person = await findOrCreate(name, address);
      if (stillThere()) change({ to: asRecipient(person, address) });
    } catch (error) {
      if (!stillThere()) return;
      change({ to: null });
      setRefused(
        isProblem(error, "address-taken")
          ? t("compose.addressTaken", { address })
          : (Object.values(sayFields(error))[0] ?? sayProblem(error)),
      );
    }
  };

  return {
    choose,
    write: (mailbox: Mailbox) => void write(mailbox),
    note: refused && <Note tone="coral" text={refused} />,
  };
}

async function findOrCreate(name: string, address: string): Promise<Person> {
  try {
    return await createPerson({ address, ...splitName(name) });
  } catch (error) {
    // Somebody else may have made the same person in the meantime.
    const known = isProblem(error, "address-taken") && error.problem.params?.person_id;
    if (typeof known === "string") return readPerson(known);
    throw error;
  }
}

function asRecipient({ id, name, company, time_zone }: Person, address: string): Recipient {
  return { id, name, company, time_zone, address };
}
