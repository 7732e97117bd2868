import type { Role } from "../api/types";
import { i18next } from "../i18n";

const roles: Role[] = ["admin", "manager", "member"];

/** The roles, for a list to choose from. */
export function roleOptions(): { value: Role; label: string }[] {
  return roles.map((value) => ({ value, label: i18next.t(`members.roles.${value}`) }));
}
