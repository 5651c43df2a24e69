/** The petition that a first start puts into an empty database. Its text and reasons are real. */
export const samplePetition = {
  slug: 'let-lgbtq-russians-leave',
  original_language: 'en',
  goal: 10_000,
  topic: 'migration',
  opened_on: '2022-09-06',
  texts: {
    en: {
      title: "Let those Russians LGBTQ+ who are against Putin's policies leave!",
      recipient: 'European Union',
      text: [
        'On September 6, 2022, the European Commission approved a proposal to suspend visa facilitation with Russia',
        "For many Russians, who were vehemently opposed to Putin's policies and were planning to use tourist visas to emigrate in order to apply for refugee status, the road to freedom was thus made more difficult.",
        'Among the victims were representatives of oppressed groups (LGBTQ+), for whom being in Russia poses not only a moral but also a physical threat. Leaving Russia is the only way for them to preserve their lives, health, honor and dignity.',
        'We ask for an easier visa regime or a special visa (like the "Nansen visa" in 1920) so that these people can leave.',
        'Save us!!!',
      ].join('\n\n'),
      reason:
        'This demand is important because a law against the regime should not kill the hope of those who seek freedom.',
      thanks: 'Thank you for your support',
      initiator_name: 'Kirill Timoshenko',
      initiator_place: 'Moscow',
      picture_alt: '',
    },
    sv: {
      title: 'Låt de ryska hbtq-personer som är emot Putins politik lämna landet!',
      recipient: 'Europeiska unionen',
      text: [
        'Den 6 september 2022 godkände EU-kommissionen ett förslag om att tills vidare upphäva viseringslättnaderna för Ryssland.',
        'För många ryssar som var starka motståndare till Putins politik, och som tänkte lämna landet på turistvisum för att söka flyktingstatus, blev vägen till frihet därmed svårare.',
        'Bland de drabbade finns människor ur förtryckta grupper (hbtq). För dem är det ett hot att vara kvar i Ryssland, inte bara moraliskt utan också fysiskt. Att lämna Ryssland är deras enda möjlighet att bevara liv, hälsa, heder och värdighet.',
        'Vi ber om enklare viseringsregler eller ett särskilt visum (som ”Nansenpasset” på 1920-talet), så att dessa människor kan ge sig av.',
        'Rädda oss!!!',
      ].join('\n\n'),
      reason:
        'Kravet är viktigt, eftersom en lag mot regimen inte får döda hoppet hos dem som söker frihet.',
      thanks: 'Tack för ditt stöd',
      initiator_name: 'Kirill Timoshenko',
      initiator_place: 'Moskva',
      picture_alt: '',
    },
    ru: {
      title: 'Дайте уехать россиянам из ЛГБТК+, которые против политики Путина!',
      recipient: 'Европейский союз',
      text: [
        '6 сентября 2022 года Еврокомиссия одобрила предложение приостановить упрощённый визовый режим с Россией.',
        'Тем самым путь к свободе стал труднее для многих россиян, которые были решительно против политики Путина и собирались уехать по туристической визе, чтобы просить статус беженца.',
        'Среди пострадавших — люди из угнетаемых групп (ЛГБТК+), для которых жизнь в России — угроза не только моральная, но и физическая. Уехать из России для них — единственный способ сохранить жизнь, здоровье, честь и достоинство.',
        'Мы просим облегчить визовый режим или ввести особую визу (наподобие «нансеновского паспорта» 1920-х годов), чтобы эти люди могли уехать.',
        'Спасите нас!!!',
      ].join('\n\n'),
      reason:
        'Это требование важно, потому что закон против режима не должен убивать надежду тех, кто ищет свободы.',
      thanks: 'Спасибо за поддержку',
      initiator_name: 'Кирилл Тимошенко',
      initiator_place: 'Москва',
      picture_alt: '',
    },
  },
  reasons: [
    {
      day: '2022-09-07',
      language: 'en',
      reason:
        "I'm transman and I really want live in safe in a country where my human rights are recognized. No visa blocking please!",
    },
    {
      day: '2022-09-08',
      language: 'en',
      reason:
        'I believe that if LGBTQIA+ people in Russia feel oppressed and threatened, they should be able to get help from fellow communities in other countries and granted chances to move away and take care of their own safety.',
    },
    {
      day: '2022-09-08',
      language: 'en',
      reason:
        "As an lgbtq+ person I fear I won't be able to escape persecution and violation of my basic human rights by russian federal and local governments, especially on the verge of anti-lgbt laws being passed.",
    },
    {
      day: '2022-10-13',
      language: 'en',
      reason: "I'm open gay from Russia and I'm against Putin's violence",
    },
    {
      day: '2023-01-25',
      language: 'en',
      reason:
        'LGBTQ+ people are people as well, they have their own dignity and right to freedom and love.',
    },
  ],
} as const;
