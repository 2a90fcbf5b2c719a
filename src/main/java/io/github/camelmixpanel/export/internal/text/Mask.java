package io.github.camelmixpanel.export.internal.text;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Hides secrets in text that a server sent, which may repeat the request: as they are, in Base64,
 * URL-encoded or with the escapes of HTML or, any number of times, of JSON, in any case, and also
 * where the text is cut within one. Secrets of fewer than 8 characters are not hidden, as common
 * words may be the same.
 */
public final class Mask {

    private static final int SHORTEST = 8;

    private final Set<String> forms = new LinkedHashSet<>();

    public Mask(Collection<String> secrets) {
        for (String secret : secrets) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            addForms(secret);
            addForms(Base64.getEncoder().encodeToString(bytes));
            addForms(Base64.getUrlEncoder().encodeToString(bytes));
        }
        forms.removeIf(form -> form.length() < SHORTEST);
    }

    private void addForms(String secret) {
        String urlEncoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        forms.add(secret);
        forms.add(urlEncoded);
        forms.add(urlEncoded.replace("+", "%20"));
        forms.add(secret.replace("&", "&amp;"));
        forms.add(
                secret.replace("&", "&amp;")
                        .replace("\"", "&quot;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;"));
    }

    /** The text with {@code ***} for each secret, and for at least 8 first characters of one. */
    public String apply(String text) {
        StringBuilder masked = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int secret = longestAt(text, i);
            if (secret == 0) {
                masked.append(text.charAt(i++));
            } else {
                masked.append("***");
                i += secret;
            }
        }
        return masked.toString();
    }

    private int longestAt(String text, int from) {
        return forms.stream().mapToInt(form -> lengthAt(text, from, form)).max().orElse(0);
    }

    /** How much of the text is this form, or its beginning, whose escapes by JSON do not count. */
    private static int lengthAt(String text, int from, String form) {
        int at = from;
        int matched = 0;
        while (at < text.length() && matched < form.length()) {
            if (form.regionMatches(true, matched, text, at, 1)) {
                matched++;
            } else if (matched == 0 || text.charAt(at) != '\\') {
                break;
            }
            at++;
        }
        return matched < SHORTEST ? 0 : at - from;
    }
}
