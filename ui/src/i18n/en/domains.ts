/** Words about sending domains and the tracking domain, in the settings. */

export const domains = {
  title: "Sending domains",
  hint: "Whether the servers of your recipients believe mail from your domains, what to publish so that they do, and the keys that sign it.",
  empty: "Nobody sends yet",
  emptyHint: "As soon as somebody has an identity with a channel, its domain stands here.",
  through: "Through {{channel}}, from {{addresses}}",
  signs: "Signed by us",
  signsNot: "Not signed by us",
  check: "Check",
  returnDomain: "Bounces of this channel come back to {{domain}}, so servers look for SPF there.",
  hideCheck: "Hide the check",
  addKey: "Add a key",
  keys: "Keys of {{domain}}",
  algorithms: { rsa: "DKIM key, RSA 2048", ed25519: "DKIM key, Ed25519" },
  algorithmHints: {
    rsa: "Understood by every server",
    ed25519: "Newer and shorter; use it beside RSA",
  },
  states: { waiting: "Not in use", signing: "Signs", replaced: "Replaced", retired: "Retired" },
  keyWaiting: "Publish its record in the DNS of the domain. DNS may take an hour; then check it and sign.",
  keySigning: "Signs since {{at}}. To rotate it, add another key of its kind: that one takes over.",
  keyReplaced: "Signs no more. Leave its record in DNS until {{at}}: mail on its way bears its signature.",
  keyRetired: "Signs no more. Its record can be taken out of DNS, and the key deleted.",
  checkAndSign: "Check and sign",
  signAnyway: "Sign anyway",
  stopSigning: "Stop signing",
  showRecord: "Show the record",
  hideRecord: "Hide the record",
  deleteKey: "Delete the key",
  deleteKeyQuestion: "The key is deleted. A record in DNS has no use any more.",
  deleteReplacedKeyQuestion:
    "The key is deleted. Leave its record in DNS until {{at}} all the same: mail on its way bears its signature.",
  inDns: "In DNS: {{name}}",
  recordName: "{{kind}} record at",
  recordValue: "with the value",
  recordStates: {
    matches: "The record is published.",
    missing: "The record was not found yet, so mail is not signed. DNS may take an hour.",
    differs: "Something else is published under this name, so mail is not signed.",
    unknown: "DNS did not answer, so mail is not signed.",
  },
  subjects: {
    spf: "SPF: which servers may send",
    dkim: "DKIM: signatures",
    dmarc: "DMARC: what servers do with mail that proves nothing",
    alignment: "Alignment: whether the proof is about your address",
    mx: "MX: where answers and bounces go",
  },
  verdicts: { good: "Good", advice: "Could be better", bad: "Wrong", unknown: "Cannot be known from here" },
  findings: {
    spf_good:
      "One record that servers can follow. Whether it names the servers of this channel only a received message shows.",
    spf_names_relay: "The record names the servers of this channel’s provider ({{param}}).",
    spf_without_relay:
      "The record does not name the servers of this channel’s provider ({{param}}). Change it to:",
    spf_missing: "{{param}} has no SPF record. Publish one:",
    spf_several: "There are {{param}} SPF records, which servers take for none. Make one of them.",
    spf_broken: "No server understands “{{param}}” in the record, so the whole counts for nothing.",
    spf_broken_include:
      "The record includes {{param}}, which has no SPF record, so the whole counts for nothing.",
    spf_too_many_lookups:
      "Following the record takes more than ten DNS lookups; servers give up. Take out what no longer sends.",
    spf_everybody: "The record lets everybody in the world send as you. Change it to:",
    spf_unknown: "DNS did not answer for {{param}}.",
    dkim_good: "{{param}} is published, and mail is signed with it.",
    dkim_ready: "{{param}} is published. Mail is not signed with it yet.",
    dkim_missing: "{{param}} is not published. Publish it:",
    dkim_differs: "Something else is published at {{param}}. It should be:",
    dkim_by_relay:
      "This channel’s provider signs by itself once {{param}} is set up with it. DNS does not show whether it does: look at a received message. Signing here as well does no harm.",
    dkim_none:
      "Whether this channel’s server signs for {{param}} only a received message shows. If it does not, add a key.",
    dkim_unknown: "DNS did not answer for {{param}}.",
    dmarc_good: "A policy is published: {{param}}.",
    dmarc_inherited: "The domain above has a policy that holds here ({{param}}).",
    dmarc_missing:
      "{{param}} has no DMARC record. Large receivers want one from whoever sends much. To begin with, publish:",
    dmarc_several: "There are {{param}} DMARC records, which servers take for none. Leave one.",
    dmarc_broken:
      "The DMARC record cannot be understood, so servers take it for none. To begin with, publish:",
    dmarc_unknown: "DNS did not answer for {{param}}.",
    aligned_by_dkim: "Our signature is by {{param}} itself: DMARC passes.",
    aligned_by_spf:
      "The return address belongs to {{param}}: DMARC passes as long as SPF does, and not when mail is forwarded.",
    aligned_by_relay_only:
      "DMARC passes only if the channel’s server signs as {{param}}. Make sure it does, or add a key.",
    not_aligned: "Nothing proves that mail is from {{param}}: DMARC fails.",
    mx_good: "Servers take mail for {{param}}.",
    mx_implicit: "{{param}} has no MX record. Mail goes to its own address, which many servers doubt.",
    mx_missing:
      "Nobody takes mail for {{param}}: answers and bounces are lost, and some servers refuse such senders.",
    mx_null: "{{param}} says that it takes no mail. Servers refuse mail that nobody could answer.",
    mx_unknown: "DNS did not answer for {{param}}.",
  },
  refused: "Who would refuse mail as things are",
  notRefused: "Nothing found that would make the large receivers refuse mail.",
  receivers: { everybody: "Most servers", google: "Gmail", yahoo: "Yahoo", microsoft: "Outlook.com" },
  causes: {
    unauthenticated: "neither SPF nor DKIM proves who sends,",
    bulk_rules: "who sends much needs SPF, DKIM and DMARC,",
    policy_reject: "your own DMARC policy asks for it,",
    policy_quarantine: "your own DMARC policy asks to put it under spam,",
    null_mx: "the domain takes no mail,",
  },
  when: { always: "for every email.", bulk: "from about 5,000 emails a day." },
};

export const trackingDomain = {
  title: "Tracking domain",
  hint: "Links and pixels of sent mail lead through {{url}}. A host of your own domain makes them look like yours, and keeps other senders’ reputation away from them.",
  hintInUse:
    "Links and pixels of new mail lead through {{host}}. They look like yours, and other senders’ reputation stays away from them.",
  host: "Host",
  hostHint: "A name below your own domain that is used for nothing else.",
  hostWrong: "This cannot be used. It has to be a host name that is not already Quarterdeck’s own.",
  enter: "Enter the host",
  states: {
    waiting: "Not in use",
    active: "In use",
    expiring: "Certificate ends",
    failing: "Failing",
    switched_off: "Switched off",
  },
  checked: "Last check {{at}}",
  unchecked: "Not checked yet",
  certificateEnds: "certificate good until {{at}}",
  expiring: "The certificate ends {{at}}.",
  expiringHere:
    "It was not renewed yet; that is tried again from time to time. Once it has ended, browsers warn people off the links that were sent, and new mail leads through {{url}}.",
  expiringAtProxy:
    "Renew it at the server or proxy that answers for this host. Once it has ended, browsers warn people off the links that were sent, and new mail leads through {{url}}.",
  failing:
    "If that lasts, new mail will lead through {{url}} instead. Links that were sent work as far as the host does.",
  switchedOff: "New mail leads through {{url}} again. Once the host works, it is used again by itself.",
  publish: "Publish the record",
  publishHint:
    "In the DNS of your domain. If another proxy stands before Quarterdeck, point it there instead.",
  check: "Check",
  checkHint:
    "Looks the name up, connects, checks the certificate, and makes a request that only this server can answer.",
  checkNow: "Check now",
  use: "Use it for new mail",
  useHint:
    "It is checked first, and every ten minutes from then on. Mail that was sent before keeps the host it was sent with.",
  switchOn: "Check and switch on",
  switchOff: "Switch off",
  remove: "Remove {{host}}",
  removeQuestion:
    "New mail leads through {{url}}. Links that were sent work for as long as {{host}} leads here.",
  testOk: "The host leads here and can be used.",
  testFailed: "It stops at the step marked below. New mail does not use this host.",
  testFailedInUse: "It stops at the step marked below.",
  problems: {
    unknown_host:
      "DNS leads this name to no address yet. Publish the record exactly as it is shown; DNS may take an hour.",
    dns_failed: "DNS did not answer. Try again in a moment.",
    connection_refused: "Nothing answers there on that port. Does the name lead to this server or its proxy?",
    tls: "TLS could not be set up. Has the server or its proxy a certificate for this host?",
    certificate_wrong_name:
      "The certificate there is for another host, so browsers warn people off. Get one for this host.",
    certificate_expired:
      "The certificate there has expired, so browsers warn people off. Renew it at the server or proxy that answers for this host.",
    certificate_unknown_issuer:
      "The certificate there is by nobody whom this server trusts, so browsers may warn people off. Get one from an authority that they trust.",
    certificate_invalid:
      "The certificate there is not valid, so browsers warn people off. Get another for this host.",
    no_http: "What answered does not speak HTTP.",
    wrong_status:
      "Something answered, but not this server. If a proxy stands in between, let it pass the host name on.",
    somebody_else: "Somebody else answered. Does the name lead to this server?",
    order_failed:
      "The certificate authority issued no certificate; its words stand below. It is asked again from time to time.",
  },
};
