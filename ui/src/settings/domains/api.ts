import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type {
  DeliverabilityReport,
  DkimAlgorithm,
  DkimKey,
  TrackingDomain,
  TrackingDomainTest,
} from "../../api/types";

const at = (id: string) => ({ params: { path: { id } } });

export const sendingDomainsQuery = queryOptions({
  queryKey: ["domains", "sending"],
  queryFn: () => answer(api.GET("/sending-domains")),
});

export const trackingDomainQuery = queryOptions({
  queryKey: ["domains", "tracking"],
  queryFn: () => answer(api.GET("/tracking-domain")),
});

type Which = { channel_id: string; domain: string };

/** Asks DNS what receivers will make of the domain's mail. */
export const checkDomain = ({ channel_id, domain }: Which) =>
  answer<DeliverabilityReport>(api.POST("/sending-domains/check", { body: { channel_id, domain } }));

export const createKey = ({ channel_id, domain }: Which, algorithm: DkimAlgorithm) =>
  answer<DkimKey>(api.POST("/dkim-keys", { body: { channel_id, domain, algorithm } }));

/** Looks for the key's record first, unless told not to. */
export const beginSigning = (id: string, unchecked: boolean) =>
  answer<DkimKey>(api.PUT("/dkim-keys/{id}/signing", { ...at(id), body: { unchecked } }));

export const endSigning = (id: string) => answer<DkimKey>(api.DELETE("/dkim-keys/{id}/signing", at(id)));

export const deleteKey = (id: string) => answer(api.DELETE("/dkim-keys/{id}", at(id)));

export const enterTrackingDomain = (host: string) =>
  answer<TrackingDomain>(api.PUT("/tracking-domain", { body: { host } }));

export const removeTrackingDomain = () => answer(api.DELETE("/tracking-domain"));

export const checkTrackingDomain = () => answer<TrackingDomainTest>(api.POST("/tracking-domain/check"));

export const activateTrackingDomain = () => answer<TrackingDomainTest>(api.PUT("/tracking-domain/active"));

export const deactivateTrackingDomain = () => answer<TrackingDomain>(api.DELETE("/tracking-domain/active"));
