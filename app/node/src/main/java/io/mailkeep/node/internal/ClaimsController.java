package io.mailkeep.node.internal;

import io.mailkeep.api.AdminAccess;
import io.mailkeep.api.Refusal;
import io.mailkeep.audit.Event;
import io.mailkeep.claims.ClaimId;
import io.mailkeep.claims.ClaimsVerifier;
import io.mailkeep.tickets.Operation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The claims verifier over HTTP. */
@RestController
@RequestMapping("/v1/claims")
final class ClaimsController {
    private final ClaimsVerifier verifier;
    private final AdminAccess access;

    ClaimsController(ClaimsVerifier verifier, AdminAccess access) {
        this.verifier = verifier;
        this.access = access;
    }

    /** Which claims to verify; none named: all. */
    record Wanted(@Nullable List<String> only) {}

    @PostMapping("verify")
    List<Map<String, Object>> verify(@RequestBody Wanted request) {
        Set<String> only = request.only() == null ? Set.of() : new HashSet<>(request.only());
        for (String id : only) {
            if (Arrays.stream(ClaimId.values()).noneMatch(claim -> claim.id().equals(id))) {
                throw new Refusal(400, "There is no claim \"" + id + "\": ids look like DAT-3.");
            }
        }
        return verifier.verify(access.to(Operation.CLAIMS, Event.INSTALLATION), only).stream()
                .map(verdict -> {
                    Map<String, Object> shown = new LinkedHashMap<>();
                    shown.put("id", verdict.id());
                    shown.put("verdict", verdict.verdict().word());
                    shown.put("did", verdict.did());
                    shown.put("saw", verdict.saw());
                    shown.put("ms", verdict.ms());
                    return shown;
                })
                .toList();
    }
}
