import { queryOptions } from "@tanstack/react-query";
import { fetchFields } from "./api";

export const fieldsQuery = queryOptions({
  queryKey: ["dynamic-fields"],
  queryFn: fetchFields,
  staleTime: Number.POSITIVE_INFINITY,
});
