import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { ApiToken } from "../../api/types";

export const tokensQuery = queryOptions({
  queryKey: ["api-tokens"],
  queryFn: () => answer<{ items: ApiToken[] }>(api.GET("/api-tokens")),
});

export const createToken = (name: string) =>
  answer<ApiToken & { token: string }>(api.POST("/api-tokens", { body: { name } }));

export const revokeToken = (id: string) =>
  answer<void>(api.DELETE("/api-tokens/{id}", { params: { path: { id } } }));
