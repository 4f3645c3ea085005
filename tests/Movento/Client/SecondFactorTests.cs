using Movento.Client;
using Movento.Tests.Hosting;

namespace Movento.Tests.Client;

[Collection(HostCollection.Name)]
public sealed class SecondFactorTests(HostFixture host)
{
    private const string Nothing = "00000000000000000000000000000000";

    [Fact]
    public async Task SignIn_WithASecondFactor_AsksUntilTheCodeIsRight()
    {
        var editor = await GuardedEditor.OpenAsync(host);
        using var client = new MoventoClient(host.Anonymous.BaseAddress!);
        var asked = new List<bool>();
        await client.SignInAsync(editor.Email, editor.Password, default, (isWrong, _) =>
        {
            asked.Add(isWrong);
            return Task.FromResult<string?>(isWrong ? editor.RecoveryCodes[0] : "000000");
        });
        Assert.Equal([false, true], asked);
        Assert.Null(await client.FindAsync(Nothing, default));
    }

    [Fact]
    public async Task SignIn_WithoutAnybodyToAsk_SaysWhatIsMissing()
    {
        var editor = await GuardedEditor.OpenAsync(host);
        using var client = new MoventoClient(host.Anonymous.BaseAddress!);
        var refusal = await Assert.ThrowsAsync<MoventoClientException>(() => client.SignInAsync(editor.Email, editor.Password, default));
        Assert.Equal(MoventoClient.SecondFactorRequired, refusal.Code);
        refusal = await Assert.ThrowsAsync<MoventoClientException>(
            () => client.SignInAsync(editor.Email, editor.Password, default, (isWrong, _) => Task.FromResult(isWrong ? null : "000000")));
        Assert.Equal("invalid_code", refusal.Code);
        // The server takes five wrong ones in all, however many would still be given.
        refusal = await Assert.ThrowsAsync<MoventoClientException>(() => client.SignInAsync(editor.Email, editor.Password, default, (_, _) => Task.FromResult<string?>("000000")));
        Assert.Equal("too_many_attempts", refusal.Code);
    }

    [Fact]
    public async Task AccessToken_ThatIsOver_IsRenewedWithoutAnotherCode()
    {
        var editor = await GuardedEditor.OpenAsync(host);
        using var client = new MoventoClient(host.Anonymous.BaseAddress!);
        var asked = 0;
        await client.SignInAsync(editor.Email, editor.Password, default, (_, _) => Task.FromResult<string?>(editor.RecoveryCodes[asked++]));
        client.UseKey("a.token.ofYesterday");
        Assert.Null(await client.FindAsync(Nothing, default));
        Assert.Equal(1, asked);
    }
}
