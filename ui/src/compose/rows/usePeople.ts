import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Person } from "../../api/types";
import { searchPeople } from "../api";

type Found = {
  people: Person[] /** The answer to what stands there now, not to what stood there before. */;
  fresh: boolean;
};

/** The people whose name, address or company begins with what is typed. */
export function usePeople(typed: string): Found {
  const wanted = typed.trim();
  const [q] = useDebouncedValue(wanted, 120);
  const { data, isPlaceholderData, isFetching } = useQuery({
    queryKey: ["people", "search", q],
    queryFn: ({ signal }) => searchPeople(q, signal),
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });
  const people = wanted === "" ? [] : (data?.items ?? []);
  const fresh = q === wanted && !isPlaceholderData && !isFetching;
  // Until the answer is here, nobody may be offered who does not match: the email would go to the wrong person.
  return { people: fresh ? people : people.filter((person) => matches(person, wanted)), fresh };
}

function matches({ name, company, address }: Person, wanted: string): boolean {
  const words = wanted.toLocaleLowerCase();
  return [name, company, address].some((text) => text?.toLocaleLowerCase().includes(words));
}
