package io.mailkeep.api;

import static io.mailkeep.api.Refusal.orRefuse;

import io.mailkeep.audit.Event;
import io.mailkeep.identity.Directory;
import io.mailkeep.identity.Directory.AccountInfo;
import io.mailkeep.identity.Directory.NewAccount;
import io.mailkeep.identity.Directory.TenantInfo;
import io.mailkeep.kernel.Secret;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Companies, domains, accounts and aliases over HTTP. */
@RestController
@RequestMapping("/v1")
public final class DirectoryController {
    private final Directory directory;
    private final AdminAccess access;
    private final String region;

    /** {@code region}: where a company's data lies when the request doesn't say. */
    public DirectoryController(Directory directory, AdminAccess access, String region) {
        this.directory = directory;
        this.access = access;
        this.region = region;
    }

    /** A new company. */
    public record NewCompany(String name, String domain, @Nullable String region) {}

    /** A new domain of the company that has another one. */
    public record NewDomain(String company, String domain) {}

    /** An account named by its address, with what is to be set. */
    public record AccountRequest(String address, @Nullable String name, @Nullable String password) {
        @Override
        public String toString() {
            return "[account request]";
        }
    }

    /** An alias of an account. */
    public record AliasRequest(String address, String alias) {}

    private Access directoryAccess() {
        return access.to(Operation.DIRECTORY, Event.INSTALLATION);
    }

    @GetMapping("companies")
    List<Map<String, Object>> companies() {
        return directory.tenants(directoryAccess()).stream()
                .map(DirectoryController::shown)
                .toList();
    }

    @PostMapping("companies")
    Map<String, Object> addCompany(@RequestBody NewCompany request) {
        Access granted = directoryAccess();
        String where =
                request.region() == null || request.region().isEmpty() ? region : request.region();
        orRefuse(directory.addTenant(granted, request.name(), where, request.domain()));
        return shown(owner(granted, request.domain()));
    }

    @PostMapping("domains")
    Map<String, Object> addDomain(@RequestBody NewDomain request) {
        Access granted = directoryAccess();
        orRefuse(
                directory.addDomain(
                        granted, owner(granted, request.company()).id(), request.domain()));
        return Map.of("domain", request.domain());
    }

    private TenantInfo owner(Access granted, String domain) {
        String canonical =
                EmailAddress.parse("postmaster@" + domain).map(EmailAddress::domain).orElse(domain);
        return directory.tenants(granted).stream()
                .filter(tenant -> tenant.domains().contains(canonical))
                .findFirst()
                .orElseThrow(() ->
                        new Refusal(
                                404,
                                "No company has the domain \""
                                        + domain
                                        + "\". \"mailkeep company list\" shows those there are."));
    }

    @GetMapping("accounts")
    List<Map<String, Object>> accounts(@RequestParam(defaultValue = "") String domain) {
        Access granted = directoryAccess();
        List<TenantInfo> tenants =
                domain.isEmpty() ? directory.tenants(granted) : List.of(owner(granted, domain));
        return tenants.stream()
                .flatMap(tenant -> directory.accounts(granted, tenant.id()).stream())
                .map(DirectoryController::shown)
                .toList();
    }

    @GetMapping("account")
    Map<String, Object> account(@RequestParam String address) {
        return shown(
                directory
                        .account(directoryAccess(), parsed(address))
                        .orElseThrow(() ->
                                new Refusal(
                                        404,
                                        "There is no account with the address \""
                                                + address
                                                + "\".")));
    }

    @PostMapping("accounts")
    Map<String, Object> addAccount(@RequestBody AccountRequest request) {
        return shown(
                orRefuse(
                        directory.addAccount(
                                directoryAccess(),
                                parsed(request.address()),
                                Optional.ofNullable(request.name()).orElse(""),
                                secret(request))));
    }

    /** What adding this account would come to; changes nothing. */
    @PostMapping("accounts/check")
    Map<String, Object> checkAccount(@RequestBody AccountRequest request) {
        EmailAddress address = parsed(request.address());
        Optional<AccountInfo> there =
                orRefuse(
                        directory.checkAccount(
                                directoryAccess(),
                                address,
                                Optional.ofNullable(request.name()).orElse(""),
                                secret(request)));
        return Map.of(
                "address",
                there.map(AccountInfo::address).orElse(address).text(),
                "state",
                there.isPresent() ? "exists" : "free");
    }

    @PostMapping("accounts/password")
    Map<String, Object> setPassword(@RequestBody AccountRequest request) {
        return shown(
                orRefuse(
                        directory.setPassword(
                                directoryAccess(), parsed(request.address()), secret(request))));
    }

    @PostMapping("accounts/disable")
    Map<String, Object> disable(@RequestBody AccountRequest request) {
        return shown(
                orRefuse(
                        directory.setDisabled(directoryAccess(), parsed(request.address()), true)));
    }

    @PostMapping("accounts/enable")
    Map<String, Object> enable(@RequestBody AccountRequest request) {
        return shown(
                orRefuse(
                        directory.setDisabled(
                                directoryAccess(), parsed(request.address()), false)));
    }

    @PostMapping("accounts/alias")
    Map<String, Object> addAlias(@RequestBody AliasRequest request) {
        return shown(
                orRefuse(
                        directory.addAlias(
                                directoryAccess(),
                                parsed(request.address()),
                                parsed(request.alias()))));
    }

    @PostMapping("accounts/alias/remove")
    Map<String, Object> removeAlias(@RequestBody AliasRequest request) {
        return shown(
                orRefuse(
                        directory.removeAlias(
                                directoryAccess(),
                                parsed(request.address()),
                                parsed(request.alias()))));
    }

    private static EmailAddress parsed(String address) {
        return EmailAddress.parse(address)
                .orElseThrow(() ->
                        new Refusal(
                                400,
                                "\""
                                        + address
                                        + "\" isn't a mail address: write it as name@domain."));
    }

    private static Optional<Secret> secret(AccountRequest request) {
        return Optional.ofNullable(request.password()).map(Secret::ofUtf8);
    }

    private static Map<String, Object> shown(TenantInfo tenant) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", tenant.id().toString());
        shown.put("name", tenant.name());
        shown.put("region", tenant.region());
        shown.put("domains", tenant.domains());
        return shown;
    }

    private static Map<String, Object> shown(AccountInfo account) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", account.id().toString());
        shown.put("company", account.tenant().toString());
        shown.put("address", account.address().text());
        shown.put("name", account.name());
        shown.put("aliases", account.aliases().stream().map(EmailAddress::text).toList());
        shown.put("disabled", account.disabled());
        shown.put("hasPassword", account.hasPassword());
        shown.put("created", account.created().toString());
        return shown;
    }

    private static Map<String, Object> shown(NewAccount made) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("account", shown(made.account()));
        made.generated()
                .ifPresent(password ->
                        shown.put(
                                "password",
                                new String(password.exposeSecretBytes(), StandardCharsets.UTF_8)));
        return shown;
    }
}
