package io.github.camelmixpanel.export.internal.options;

import io.github.camelmixpanel.export.MixpanelExportConfiguration;
import io.github.camelmixpanel.export.failure.InvalidOptionException;
import io.github.camelmixpanel.export.internal.settings.Credentials;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The access options: exactly one credential, complete, and without characters that could end an
 * HTTP header. No message contains a secret.
 */
record CredentialsReader(Consumer<String> warnings) {

    private static final Pattern PROJECT_ID = Pattern.compile("[0-9]{1,18}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{.*}|\\{\\{.*}}");
    private static final String CHOICE =
            "give one of serviceAccount (with serviceAccountSecret), projectSecret, accessToken";

    /**
     * @throws IllegalArgumentException when there is no credential, more than one, an incomplete
     *     one, or one that cannot be sent
     */
    Credentials read(MixpanelExportConfiguration options) {
        String projectId = projectId(options);
        String account = secret("serviceAccount", options.getServiceAccount());
        String accountSecret = secret("serviceAccountSecret", options.getServiceAccountSecret());
        String projectSecret = secret("projectSecret", options.getProjectSecret());
        String accessToken = secret("accessToken", options.getAccessToken());

        requireOne(account != null ? account : accountSecret, projectSecret, accessToken);
        if (projectId == null) {
            throw InvalidOptionException.hidingValues(
                    "Option projectId is missing; give the number of the project, which Mixpanel shows under"
                            + " Project Settings: quota and state belong to it, whatever the credential");
        }
        if (projectSecret != null) {
            warnings.accept(
                    "Option projectSecret is in use, and Mixpanel retires project secrets on 2027-03-03;"
                            + " move to a service account before that day");
            return Credentials.projectSecret(projectSecret, projectId);
        }
        if (accessToken != null) {
            if (accessToken.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw InvalidOptionException.hidingValues(
                        "Option accessToken contains a character that is not allowed in a bearer token, such as a space;"
                                + " give the token alone, without the word Bearer");
            }
            return Credentials.accessToken(accessToken, projectId);
        }
        return serviceAccount(account, accountSecret, projectId);
    }

    private static void requireOne(String account, String projectSecret, String accessToken) {
        List<String> given =
                Stream.of(
                                account == null ? null : "serviceAccount",
                                projectSecret == null ? null : "projectSecret",
                                accessToken == null ? null : "accessToken")
                        .filter(Objects::nonNull)
                        .toList();
        if (given.isEmpty()) {
            throw InvalidOptionException.hidingValues("There is no credential; " + CHOICE);
        }
        if (given.size() > 1) {
            throw InvalidOptionException.hidingValues(
                    "There is more than one credential: "
                            + String.join(", ", given)
                            + "; "
                            + CHOICE);
        }
    }

    private static Credentials serviceAccount(
            String account, String accountSecret, String projectId) {
        if (account == null) {
            throw InvalidOptionException.hidingValues(
                    "Option serviceAccount is missing; serviceAccountSecret is the secret of a service account and"
                            + " needs its user name");
        }
        if (accountSecret == null) {
            throw InvalidOptionException.hidingValues(
                    "Option serviceAccountSecret is missing; a service account needs its secret");
        }
        if (account.indexOf(':') >= 0) {
            // what follows the colon may be the secret
            throw InvalidOptionException.hidingValues(
                    "Option serviceAccount holds a colon; give the user name alone, and its secret in"
                            + " serviceAccountSecret");
        }
        return Credentials.serviceAccount(account, accountSecret, projectId);
    }

    private static String projectId(MixpanelExportConfiguration options) {
        String projectId = OptionText.given(options.getProjectId());
        if (projectId != null && !PROJECT_ID.matcher(projectId).matches()) {
            throw new InvalidOptionException(
                    "projectId",
                    projectId,
                    "the number of a project, which Mixpanel shows under Project Settings");
        }
        return projectId;
    }

    private static String secret(String option, String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw InvalidOptionException.hidingValues(
                    "Option %s holds a control character, such as a line end; remove it"
                            .formatted(option));
        }
        if (PLACEHOLDER.matcher(value).matches()) {
            throw InvalidOptionException.hidingValues(
                    "Option %s is a placeholder that nothing has resolved; set the variable or property that it names"
                            .formatted(option));
        }
        return value;
    }
}
