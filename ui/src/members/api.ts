import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { AuditEntry, Invitation, Member, NewInvitation, Page, Role, Team } from "../api/types";

const at = (id: string) => ({ params: { path: { id } } });

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: () => answer<{ items: Member[] }>(api.GET("/members")),
});
export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: () => answer<{ items: Invitation[] }>(api.GET("/invitations")),
});
export const teamsQuery = queryOptions({
  queryKey: ["teams"],
  queryFn: () => answer<{ items: Team[] }>(api.GET("/teams")),
});
export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  queryFn: ({ pageParam }) =>
    answer<Page<AuditEntry>>(
      api.GET("/audit", { params: { query: { limit: 50, ...(pageParam && { cursor: pageParam }) } } }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
  staleTime: 0,
});

export const changeRole = (id: string, role: Role) =>
  answer<Member>(api.PATCH("/members/{id}", { ...at(id), body: { role } }));
export const deactivate = (id: string, handOverTo: string) =>
  answer(api.POST("/members/{id}/deactivation", { ...at(id), body: { hand_over_to: handOverTo } }));
export const reactivate = (id: string) => answer(api.DELETE("/members/{id}/deactivation", at(id)));
export const resetPassword = (id: string) =>
  answer<{ link: string | null; mailed: boolean }>(api.POST("/members/{id}/password-reset", at(id)));

export const invite = (body: { email: string; role: Role; team_ids: string[] }) =>
  answer<NewInvitation>(api.POST("/invitations", { body }));
export const withdrawInvitation = (id: string) => answer(api.DELETE("/invitations/{id}", at(id)));

export const createTeam = (name: string) => answer<Team>(api.POST("/teams", { body: { name } }));
export const renameTeam = (id: string, name: string) =>
  answer<Team>(api.PATCH("/teams/{id}", { ...at(id), body: { name } }));
export const deleteTeam = (id: string) => answer(api.DELETE("/teams/{id}", at(id)));

const membership = (id: string, userId: string) => ({ params: { path: { id, user_id: userId } } });
export const addToTeam = (id: string, userId: string) =>
  answer(api.PUT("/teams/{id}/members/{user_id}", membership(id, userId)));
export const removeFromTeam = (id: string, userId: string) =>
  answer(api.DELETE("/teams/{id}/members/{user_id}", membership(id, userId)));
