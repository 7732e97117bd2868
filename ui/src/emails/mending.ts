import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { EmailRow, FailureReason, Identity } from "../api/types";
import { identitiesQuery } from "../settings/identities/api";

/** What only a change of the identity mends, and how to see that it was made. */
const mendedBy: Partial<Record<FailureReason, (identity: Identity) => boolean>> = {
  channel_gone: (identity) => identity.channel !== null,
  identity_unverified: (identity) => identity.verified_at !== null,
};

function stoppedByIdentity({ failure }: Pick<EmailRow, "failure">): boolean {
  return failure !== null && mendedBy[failure.reason] !== undefined;
}

/** Whether sending it again could only fail again, until its identity is mended in the settings. */
export function waitsForIdentity(row: Pick<EmailRow, "failure">): boolean {
  return stoppedByIdentity(row) && row.failure?.held_back === null && !row.failure.retry_may_help;
}

/** The email as it stands with its identity of now: once that is mended, sending it again may help. */
export function withIdentity<Row extends EmailRow>(row: Row, identities: Identity[]): Row {
  const { failure } = row;
  const identity = identities.find(({ id }) => id === row.identity?.id);
  if (failure === null || identity === undefined || !mendedBy[failure.reason]?.(identity)) return row;
  return { ...row, failure: { ...failure, retry_may_help: failure.held_back === null } };
}

/** The emails with what their identities mean for them; these are asked for only where it matters. */
export function useMended<Row extends EmailRow>(rows: Row[]): Row[] {
  const { data } = useQuery({ ...identitiesQuery, enabled: rows.some(stoppedByIdentity) });
  return useMemo(() => (data ? rows.map((row) => withIdentity(row, data.items)) : rows), [rows, data]);
}
