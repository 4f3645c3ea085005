using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Movento.Packager.Tests;

/// <summary>The public surface of an assembly as text, a line for each type and member; what a compiler makes for records is left out.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly NullabilityInfoContext Nullability = new();

    public static string[] Of(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(type => Members(type).Order(StringComparer.Ordinal).Prepend(Describe(type))),
    ];

    private static string Describe(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsByRefLike: true } => "ref struct",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsSealed: true } => "sealed class",
            { IsAbstract: true } => "abstract class",
            _ => "class",
        };
        var isReadOnly = type.IsValueType && type.CustomAttributes.Any(attribute => attribute.AttributeType == typeof(IsReadOnlyAttribute));
        var parents = type.GetInterfaces().Where(parent => parent.IsPublic && !IsEquatable(parent)).Select(Name).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } inherited && inherited != typeof(object) && inherited != typeof(ValueType) && inherited != typeof(Enum))
            parents.Insert(0, Name(inherited));
        return $"{(isReadOnly ? "readonly " : "")}{kind} {type.Namespace}.{Name(type)}{(parents.Count > 0 && !type.IsEnum ? " : " + string.Join(", ", parents) : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => string.Create(CultureInfo.InvariantCulture, $"    {Name(type)}.{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}"));
        return type.GetMembers(Declared).Select(Describe).OfType<string>().Select(text => $"    {Name(type)}{text}");
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsVisible(constructor) && !IsMade(constructor) => $"({Parameters(constructor)})",
        MethodInfo method when IsVisible(method) && !method.IsSpecialName && !IsMade(method) && !IsOfEveryRecord(method) =>
            $".{method.Name}{(method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "")}({Parameters(method)}) : {(method.IsStatic ? "static " : "")}{Name(method.ReturnType, Nullability.Create(method.ReturnParameter))}",
        PropertyInfo property when property.GetMethod is { } getter && IsVisible(getter) && !IsMade(property) && property.Name != "EqualityContract" =>
            $".{(property.GetIndexParameters().Length > 0 ? $"this[{string.Join(", ", property.GetIndexParameters().Select(parameter => Name(parameter.ParameterType)))}]" : property.Name)} : "
            + $"{(getter.IsStatic ? "static " : "")}{(IsRequired(property) ? "required " : "")}{Name(property.PropertyType, Nullability.Create(property))} {{ get;{Setter(property)} }}",
        FieldInfo field when (field.IsPublic || field.IsFamily) && !IsMade(field) =>
            $".{field.Name} : {(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)}{(field.IsLiteral ? string.Create(CultureInfo.InvariantCulture, $" = {field.GetRawConstantValue()}") : "")}",
        _ => null,
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.ParameterType.IsByRef ? parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref " : "")
        + $"{Name(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{(parameter.HasDefaultValue ? string.Create(CultureInfo.InvariantCulture, $" = {parameter.DefaultValue ?? "null"}") : "")}"));

    private static string Setter(PropertyInfo property) => property.SetMethod is not { } setter || !IsVisible(setter) ? ""
        : setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsMade(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && member is not PropertyInfo and not FieldInfo { IsLiteral: true };

    private static bool IsOfEveryRecord(MethodInfo method) => method.Name is "Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "<Clone>$";

    private static bool IsRequired(PropertyInfo property) => property.IsDefined(typeof(RequiredMemberAttribute), inherit: false);

    private static bool IsEquatable(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEquatable<>);

    private static string Name(Type type) => Name(type, null);

    private static string Name(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!, nullability);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Name(underlying) + "?";
        var mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
            return $"{Name(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        var name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        if (type.IsGenericType)
        {
            var arguments = type.GetGenericArguments().Select((argument, number) => Name(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(number)));
            name = $"{name.Split('`')[0]}<{string.Join(", ", arguments)}>";
        }

        return name + mark;
    }
}
