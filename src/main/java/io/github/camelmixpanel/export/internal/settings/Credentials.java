package io.github.camelmixpanel.export.internal.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * Who queries Mixpanel. Holds secrets: {@link #toString()} shows none of them, and nothing but the
 * fetch stage reads {@link #authorization()}.
 */
public final class Credentials {

    private final String projectId;
    private final String secret;
    private final String authorization;

    private Credentials(String projectId, String secret, String authorization) {
        this.projectId = Objects.requireNonNull(projectId);
        this.secret = secret;
        this.authorization = authorization;
    }

    /**
     * HTTP Basic with user name and secret; Mixpanel then needs the project as a parameter
     * (documented).
     */
    public static Credentials serviceAccount(String user, String secret, String projectId) {
        return new Credentials(projectId, secret, basic(user + ":" + secret));
    }

    /**
     * HTTP Basic with the secret as user and no password (documented; retired by Mixpanel on
     * 2027-03-03).
     */
    public static Credentials projectSecret(String secret, String projectId) {
        return new Credentials(projectId, secret, basic(secret + ":"));
    }

    /** A bearer token (declared in Mixpanel's OpenAPI document). */
    public static Credentials accessToken(String token, String projectId) {
        return new Credentials(projectId, token, "Bearer " + token);
    }

    private static String basic(String userInfo) {
        return "Basic "
                + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }

    /** The project to query, to which quota and state belong. */
    public String projectId() {
        return projectId;
    }

    /** The value of the {@code Authorization} header: a secret. */
    public String authorization() {
        return authorization;
    }

    /** What must not be seen anywhere: the secret, and what the header makes of it. */
    public List<String> secrets() {
        return List.of(secret, authorization.substring(authorization.indexOf(' ') + 1));
    }

    /** Tells these from others in files: the first 12 hex digits of a one-way hash of them. */
    public String fingerprint() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(authorization.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "Credentials[project " + projectId + "]";
    }
}
