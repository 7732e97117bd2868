import { useState } from "react";
import { sayFields, sayProblem } from "./words";

/** The state of a form that is being sent: what is wrong with each field, or with the whole. */
export function useSubmit() {
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);

  /** Does the work; says whether the server took it. */
  const submit = async (work: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setErrors({});
    setProblem(null);
    try {
      await work();
      return true;
    } catch (error) {
      const fields = sayFields(error);
      setErrors(fields);
      if (Object.keys(fields).length === 0) setProblem(sayProblem(error));
      return false;
    } finally {
      setBusy(false);
    }
  };

  /** What is said about fields that are being changed is old. */
  const forget = (fields: object): void => {
    const names = new Set(Object.keys(fields));
    const isOld = (field: string): boolean => names.has(field.replace(/^.*\./, ""));
    setErrors((errors) => Object.fromEntries(Object.entries(errors).filter(([field]) => !isOld(field))));
  };

  return { busy, errors, problem, submit, forget };
}
