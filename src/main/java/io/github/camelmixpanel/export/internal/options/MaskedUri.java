package io.github.camelmixpanel.export.internal.options;

import io.github.camelmixpanel.export.MixpanelExportEndpointUriFactory;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The URI of an endpoint without the values of secret options. Camel shows an endpoint's URI in dev
 * consoles, events and messages, and masks it in some of them only.
 */
public final class MaskedUri {

    private static final Set<String> SECRETS =
            new MixpanelExportEndpointUriFactory()
                    .secretPropertyNames().stream()
                            .map(MaskedUri::plain)
                            .collect(Collectors.toUnmodifiableSet());

    /** A RAW value ends with its bracket. */
    private static final Pattern OPTION =
            Pattern.compile("([?&])([^=&]+)=(RAW\\(.*?\\)(?=&|$)|RAW\\{.*?}(?=&|$)|[^&]*)");

    private MaskedUri() {}

    public static String of(String uri) {
        return OPTION.matcher(uri)
                .replaceAll(
                        option ->
                                SECRETS.contains(plain(option.group(2)))
                                        ? "$1$2=xxxxxx" // Camel's own mask
                                        : "$0");
    }

    /** As Camel matches an option: in any case, with or without dashes. */
    private static String plain(String option) {
        return option.replace("-", "").toLowerCase(Locale.ROOT);
    }
}
