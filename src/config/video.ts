type VideoVariables = Partial<
  Record<
    | 'JITSI_URL'
    | 'JITSI_APP_ID'
    | 'JITSI_APP_SECRET'
    | 'JITSI_PRIVATE_KEY'
    | 'JITSI_KEY_ID'
    | 'LIVEKIT_URL'
    | 'LIVEKIT_API_KEY'
    | 'LIVEKIT_API_SECRET'
    | 'LIVEKIT_MEET_URL',
    string | undefined
  >
>;

/** Variables of video calls that are missing or exclude each other. */
export function findVideoIssues(
  env: Partial<Record<string, unknown>>,
): [variable: string, message: string][] {
  const issues: [string, string][] = [];
  const requireOther = (variable: string, needed: string) => {
    if (env[variable] && !env[needed]) issues.push([needed, `missing: ${variable} is set and needs it`]);
  };
  const excludeOther = (variable: string, other: string, why: string) => {
    if (env[variable] && env[other]) issues.push([other, `does not go with ${variable}: ${why}. Remove one`]);
  };
  for (const variable of ['JITSI_APP_ID', 'JITSI_APP_SECRET', 'JITSI_PRIVATE_KEY', 'JITSI_KEY_ID']) {
    requireOther(variable, 'JITSI_URL');
  }
  requireOther('JITSI_APP_SECRET', 'JITSI_APP_ID');
  requireOther('JITSI_PRIVATE_KEY', 'JITSI_APP_ID');
  requireOther('JITSI_PRIVATE_KEY', 'JITSI_KEY_ID');
  requireOther('JITSI_KEY_ID', 'JITSI_PRIVATE_KEY');
  excludeOther('JITSI_PRIVATE_KEY', 'JITSI_APP_SECRET', 'tokens are signed with one of them');
  if (env.JITSI_APP_ID && !env.JITSI_PRIVATE_KEY && !env.JITSI_APP_SECRET && !env.JITSI_KEY_ID) {
    issues.push([
      'JITSI_APP_SECRET',
      'missing: JITSI_APP_ID is set and needs it, or JITSI_PRIVATE_KEY with JITSI_KEY_ID',
    ]);
  }
  for (const variable of ['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET', 'LIVEKIT_MEET_URL']) {
    requireOther(variable, 'LIVEKIT_URL');
  }
  requireOther('LIVEKIT_URL', 'LIVEKIT_API_KEY');
  requireOther('LIVEKIT_URL', 'LIVEKIT_API_SECRET');
  excludeOther('JITSI_URL', 'LIVEKIT_URL', 'video calls are held at one of them');
  // Two variables can require the same one.
  return issues.filter(([name], index) => issues.findIndex(([other]) => other === name) === index);
}

/** Settings of the video service; undefined where none is configured. */
export function toVideoConfig(data: VideoVariables) {
  if (data.JITSI_URL) {
    const { JITSI_URL, JITSI_APP_ID, JITSI_APP_SECRET, JITSI_PRIVATE_KEY, JITSI_KEY_ID } = data;
    return {
      jitsi: {
        url: JITSI_URL,
        appId: JITSI_APP_ID,
        appSecret: JITSI_APP_SECRET,
        privateKey: JITSI_PRIVATE_KEY,
        keyId: JITSI_KEY_ID,
      },
      livekit: undefined,
    };
  }
  const { LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET, LIVEKIT_MEET_URL } = data;
  if (!LIVEKIT_URL || !LIVEKIT_API_KEY || !LIVEKIT_API_SECRET) return undefined;
  return {
    jitsi: undefined,
    livekit: {
      url: LIVEKIT_URL,
      apiKey: LIVEKIT_API_KEY,
      apiSecret: LIVEKIT_API_SECRET,
      meetUrl: LIVEKIT_MEET_URL ?? 'https://meet.livekit.io',
    },
  };
}
