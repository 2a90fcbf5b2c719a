package io.github.camelmixpanel.export.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The project named by the environment, complete or not at all. Holds a secret: has no toString.
 */
final class Account {

    private static final String PROJECT_ID = "MIXPANEL_PROJECT_ID";
    private static final String SERVICE_ACCOUNT = "MIXPANEL_SERVICE_ACCOUNT";
    private static final String SECRET = "MIXPANEL_SERVICE_ACCOUNT_SECRET";

    private static final Map<String, String> REQUIRED = new LinkedHashMap<>();
    private static final Map<String, String> OPTIONAL = new LinkedHashMap<>();

    static {
        String component = "camel.component.mixpanel-export.";
        REQUIRED.put(PROJECT_ID, component + "project-id");
        REQUIRED.put(SERVICE_ACCOUNT, component + "service-account");
        REQUIRED.put(SECRET, component + "service-account-secret");
        OPTIONAL.put("MIXPANEL_REGION", "mixpanel.region");
        OPTIONAL.put("MIXPANEL_TIME_ZONE", "mixpanel.timeZone");
        OPTIONAL.put("MIXPANEL_BASE_URL", component + "base-url");
    }

    private final Map<String, String> environment;

    private Account(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * @return empty when the environment names no project at all
     * @throws IllegalArgumentException when it names one by half
     */
    static Optional<Account> of(Map<String, String> environment) {
        List<String> missing =
                REQUIRED.keySet().stream().filter(name -> !isSet(environment, name)).toList();
        boolean mentioned =
                missing.size() < REQUIRED.size()
                        || OPTIONAL.keySet().stream().anyMatch(name -> isSet(environment, name));
        if (!mentioned) {
            return Optional.empty();
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "Not set: "
                            + String.join(", ", missing)
                            + ". Set "
                            + String.join(", ", REQUIRED.keySet())
                            + " to export your own project, or none of the MIXPANEL_ variables to"
                            + " export the example data.");
        }
        return Optional.of(new Account(Map.copyOf(environment)));
    }

    String projectId() {
        return environment.get(PROJECT_ID);
    }

    /** The settings of the route and of the component. */
    Properties settings() {
        Properties settings = new Properties();
        REQUIRED.forEach((name, key) -> settings.setProperty(key, environment.get(name)));
        OPTIONAL.forEach(
                (name, key) -> {
                    if (isSet(environment, name)) {
                        settings.setProperty(key, environment.get(name));
                    }
                });
        return settings;
    }

    /** The text without the secret, which Camel shows when it cannot read a setting. */
    static String hide(Map<String, String> environment, String text) {
        return isSet(environment, SECRET) ? text.replace(environment.get(SECRET), "xxxxxx") : text;
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }
}
