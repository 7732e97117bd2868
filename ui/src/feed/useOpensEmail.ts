import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import type { EmailRow } from "../api/types";
import { isFolder } from "../emails/folders";
import { closeWhereItCovers } from "./preferences";

/** Shows an email in its folder. */
export function useOpensEmail(): (email: EmailRow) => void {
  const navigate = useNavigate();
  return useCallback(
    ({ id, status }: EmailRow) => {
      closeWhereItCovers();
      const folder = isFolder(status) ? status : "delivered";
      void navigate({ to: "/emails/$folder", params: { folder }, search: { email: id } });
    },
    [navigate],
  );
}
