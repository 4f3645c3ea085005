using Movento.Edge.Delivery;

namespace Movento.Edge.Tests.Delivery;

public class EntityTagsTests
{
    [Theory]
    [InlineData("\"a\"", true, true)]
    [InlineData("*", true, true)]
    [InlineData(" * ", true, true)]
    [InlineData("W/\"a\"", false, true)]
    [InlineData("\"b\", \"a\"", true, true)]
    [InlineData("\"b\",W/\"a\"", false, true)]
    [InlineData(",, \"a\"", true, true)]
    [InlineData("\"x,y\", \"a\"", true, true)]
    [InlineData("\"b\"", false, false)]
    [InlineData("\"A\"", false, false)]
    [InlineData("a", false, false)]
    [InlineData("\"a", false, false)]
    [InlineData("", false, false)]
    [InlineData("w/\"a\"", false, false)]
    [InlineData("W/", false, false)]
    [InlineData("junk, \"a\"", false, false)]
    public void Match_AList_ComparesStronglyAndWeakly(string list, bool strong, bool weak)
    {
        Assert.Equal(strong, EntityTags.Match(list, "\"a\"", weak: false));
        Assert.Equal(weak, EntityTags.Match(list, "\"a\"", weak: true));
    }

    [Theory]
    [InlineData("\"a\"", true)]
    [InlineData("W/\"a\"", false)]
    [InlineData("\"b\"", false)]
    [InlineData("*", false)]
    [InlineData("\"a\", \"b\"", false)]
    [InlineData("Sat, 21 Nov 2026 00:00:00 GMT", false)]
    [InlineData("", false)]
    public void AllowRange_IfRange_OnlyTheStrongTagItself(string ifRange, bool allowed) =>
        Assert.Equal(allowed, EntityTags.AllowRange(ifRange, "\"a\""));
}
