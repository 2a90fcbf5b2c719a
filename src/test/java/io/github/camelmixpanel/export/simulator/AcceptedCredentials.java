package io.github.camelmixpanel.export.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The credentials the simulator accepts; every credential, and none, as long as nothing was
 * configured. Thread-safe.
 *
 * <p>Documented: Basic {@code user:secret} with {@code project_id} for a service account, Basic
 * {@code secret:} for a project secret, either in base64 or as plain text; a bearer token.
 * Observed: a project secret without its colon works too. Status codes and texts of refusals are
 * assumed from what clients handle.
 */
final class AcceptedCredentials {

    private static final String BASIC = "basic ";
    private static final String BEARER = "bearer ";

    private final Map<String, Set<String>> projectsByServiceAccount = new HashMap<>();
    private final Set<String> projectSecrets = new HashSet<>();
    private final Set<String> accessTokens = new HashSet<>();
    private boolean refusing;
    private int badStatus = 401;

    synchronized void serviceAccount(String user, String secret, String projectId) {
        projectsByServiceAccount
                .computeIfAbsent(user + ":" + secret, account -> new HashSet<>())
                .add(projectId);
    }

    synchronized void projectSecret(String secret) {
        projectSecrets.add(secret);
    }

    synchronized void accessToken(String token) {
        accessTokens.add(token);
    }

    /**
     * @param status observed: 401, and 400 with the same text
     */
    synchronized void answerBadOnes(int status) {
        badStatus = status;
    }

    synchronized void refuse(boolean all) {
        refusing = all;
    }

    /** The error to answer, or empty if the credential is accepted. */
    synchronized Optional<Reply> refusal(String authorization, String projectId) {
        if (refusing) {
            return Optional.of(unknown());
        }
        if (projectsByServiceAccount.isEmpty()
                && projectSecrets.isEmpty()
                && accessTokens.isEmpty()) {
            return Optional.empty();
        }
        String sent = authorization == null ? "" : authorization.trim();
        if (startsWith(sent, BEARER)) {
            String token = sent.substring(BEARER.length()).trim();
            return accessTokens.contains(token) ? Optional.empty() : Optional.of(unknown());
        }
        if (!startsWith(sent, BASIC)) {
            return Optional.of(unknown());
        }
        String plain = sent.substring(BASIC.length()).trim();
        return basicRefusal(isKnown(plain) ? plain : decoded(plain), projectId);
    }

    private Optional<Reply> basicRefusal(String userAndSecret, String projectId) {
        Set<String> projects = projectsByServiceAccount.get(userAndSecret);
        if (projects == null) {
            return isKnown(userAndSecret) ? Optional.empty() : Optional.of(unknown());
        }
        if (projectId == null) {
            return Optional.of(Reply.error(400, "project_id is required with a service account"));
        }
        return projects.contains(projectId)
                ? Optional.empty()
                : Optional.of(
                        Reply.error(403, "this service account has no access to the project"));
    }

    private boolean isKnown(String userAndSecret) {
        String withoutColon =
                userAndSecret.endsWith(":")
                        ? userAndSecret.substring(0, userAndSecret.length() - 1)
                        : userAndSecret;
        return projectsByServiceAccount.containsKey(userAndSecret)
                || projectSecrets.contains(withoutColon);
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return base64;
        }
    }

    private static boolean startsWith(String authorization, String scheme) {
        return authorization.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private Reply unknown() {
        return Reply.error(badStatus, "Unable to authenticate request");
    }
}
