import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../../api/client";

export const blockedDomainsQuery = queryOptions({
  queryKey: ["stops", "domains"],
  queryFn: () => answer(api.GET("/blocked-domains")),
});

export const blockDomain = (domain: string) => answer(api.POST("/blocked-domains", { body: { domain } }));

export const unblockDomain = (domain: string) =>
  answer(api.DELETE("/blocked-domains/{domain}", { params: { path: { domain } } }));
