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

  return { busy, errors, problem, submit };
}
