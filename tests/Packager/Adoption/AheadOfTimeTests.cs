using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Movento.Packager.Tests.Adoption;

/// <summary>
/// The library trims and compiles ahead of time: it names no member of the framework that needs code made at run time, files beside the program, or
/// members that a trimmer cannot see it need. Stricter than the analyzers, which follow the values and let through what they can follow.
/// </summary>
public sealed class AheadOfTimeTests
{
    [Fact]
    public void Library_NamesNothing_ThatNeedsMoreThanItNames()
    {
        var named = MembersNamedBy(typeof(MediaFormatException).Assembly).ToList();

        Assert.True(named.Count > 500, $"Only {named.Count} members were found.");
        Assert.Empty(named.Where(member => Needs(member) is not null).Select(member => $"{member.DeclaringType}.{member.Name}: {Needs(member)}").Distinct());
    }

    [Fact]
    public void Members_ThatNeedMore_AreSeenAsSuch()
    {
        Assert.NotNull(Needs(typeof(Type).GetMethod(nameof(Type.MakeGenericType))!));
        Assert.NotNull(Needs(typeof(Type).GetMethod(nameof(Type.GetMethod), [typeof(string)])!));
        Assert.NotNull(Needs(typeof(Assembly).GetProperty(nameof(Assembly.Location))!.GetMethod!));
        Assert.NotNull(Needs(typeof(Activator).GetMethod(nameof(Activator.CreateInstance), [typeof(Type)])!));
        Assert.Null(Needs(typeof(string).GetMethod(nameof(string.Trim), [])!));
        Assert.Contains(MembersNamedBy(typeof(AheadOfTimeTests).Assembly), member => Needs(member) is not null);
    }

    /// <summary>What its code calls, reads and constructs, of other assemblies and of generic types.</summary>
    private static IEnumerable<MemberInfo> MembersNamedBy(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        for (var row = 1; row <= metadata.GetTableRowCount(TableIndex.MemberRef); row++)
            yield return Resolve(assembly.ManifestModule, MetadataTokens.GetToken(MetadataTokens.MemberReferenceHandle(row)));
    }

    private static MemberInfo Resolve(Module module, int token)
    {
        // A member of a generic type is named with the type's variables: whatever they stand for, it is the same member.
        foreach (var variable in (Type[])[typeof(object), typeof(int), typeof(DayOfWeek)])
        {
            var variables = Enumerable.Repeat(variable, 8).ToArray();
            try
            {
                return module.ResolveMember(token, variables, variables)!;
            }
            catch (Exception error) when (error is ArgumentException or TypeLoadException or BadImageFormatException)
            {
                // It may not stand for this: a struct for a class, or the other way round.
            }
        }

        throw new InvalidOperationException($"What is 0x{token:x8} in {module.Name}?");
    }

    /// <summary>What it needs that a trimmer or a compiler ahead of time cannot know, or null.</summary>
    private static string? Needs(MemberInfo member)
    {
        // The analyzers know these by their names too: they carry no attribute.
        if (member.DeclaringType == typeof(Assembly) && member.Name is "get_Location" or "get_CodeBase" or "get_EscapedCodeBase" or "GetFile" or "GetFiles")
            return nameof(RequiresAssemblyFilesAttribute);
        IEnumerable<ICustomAttributeProvider?> places =
        [
            member, member.DeclaringType,
            .. member.DeclaringType is { IsGenericType: true } type ? type.GetGenericTypeDefinition().GetGenericArguments() : [],
            .. member is MethodBase method ? method.GetParameters() : [],
            .. member is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition().GetGenericArguments() : [],
        ];
        return places.Where(place => place is not null).SelectMany(place => place!.GetCustomAttributes(inherit: false)).FirstOrDefault(attribute => attribute
            is RequiresDynamicCodeAttribute or RequiresUnreferencedCodeAttribute or RequiresAssemblyFilesAttribute or DynamicallyAccessedMembersAttribute)
            ?.GetType().Name;
    }
}
