/** The languages there is a catalogue for, each named in itself. */
export const languages = [{ value: "en", label: "English" }];
